import { vi } from 'vitest';

/** Waits until it holds; fails after a minute in which it never did. */
export function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  return vi.waitFor(
    async () => {
      if (!(await holds())) throw new Error(`never held: ${holds}`);
    },
    { timeout: 60_000, interval: 10 },
  );
}
