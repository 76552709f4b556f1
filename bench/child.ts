import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Place } from './scratch.ts';

/** A process that serves over a database; it says by itself when it is ready. */
export interface Child {
  readonly process: ChildProcess;
  readonly port: number;
  /** Lets the operator in. */
  readonly token: string;
  /** From its first line of code to its readiness. */
  readonly readyMs: number;
}

const compiled = join(import.meta.dirname, '..', 'node_modules', '.cache', 'muster');

interface ChildOptions {
  readonly place: Place;
  /** `redis://...` between instances; null: what the database itself offers. */
  readonly bus?: string | null;
  /** Folder for processor profiles, one of each thread. */
  readonly profile?: string | undefined;
}

/** What a child is told by its first message. */
export interface ChildTask {
  readonly place: Place;
  readonly bus: string | null;
}

export async function startChild(
  script: string,
  { place, bus = null, profile }: ChildOptions,
): Promise<Child> {
  const child = fork(join(import.meta.dirname, script), {
    // heap and compiled code as `npm start` has them
    env: { NODE_COMPILE_CACHE: compiled, ...process.env },
    execArgv: [
      '--max-semi-space-size=8',
      ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
    ],
  });
  child.send({ place, bus } satisfies ChildTask);
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`${script} ended with ${code} before it was ready`);
  });
  const [ready] = (await Promise.race([once(child, 'message'), gone])) as [Omit<Child, 'process'>];
  gone.catch(() => {});
  return { process: child, ...ready };
}

/** Processor time so far and the most memory that it ever held. */
export async function askUsage(child: Child): Promise<{ cpuMs: number; rssMb: number }> {
  child.process.send('usage');
  const [{ usage, peakKb }] = (await once(child.process, 'message')) as [
    { usage: NodeJS.CpuUsage; peakKb: number },
  ];
  return { cpuMs: (usage.user + usage.system) / 1000, rssMb: peakKb / 2 ** 10 };
}

export async function stopChild(child: Child): Promise<void> {
  child.process.send('stop');
  await once(child.process, 'exit');
}
