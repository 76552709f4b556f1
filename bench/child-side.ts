import { once } from 'node:events';
import type { Child, ChildTask } from './child.ts';

/** The first message: what this process is for. */
export async function hearTask(): Promise<ChildTask> {
  const [task] = (await once(process, 'message')) as [ChildTask];
  return task;
}

/** Says that the process is ready, and from then on answers what it is asked until it is told to stop. */
export function serveParent(ready: Omit<Child, 'process'>, stop: () => Promise<void>): void {
  process.send?.(ready);
  process.on('message', (message) => {
    if (message === 'usage')
      process.send?.({ usage: process.cpuUsage(), peakKb: process.resourceUsage().maxRSS });
    if (message === 'stop') void stop().then(() => process.exit(0));
  });
  // whoever asked is gone
  process.on('disconnect', () => process.exit(0));
}
