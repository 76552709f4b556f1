/** npm passes on the Ctrl+C that the terminal gave to everybody: two so close together are one. */
const oneMs = 700;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The wish to stop, by Ctrl+C, a closed window or a service manager. The second one ends the process at once. */
export interface StopSignal extends Disposable {
  readonly stopped: Promise<void>;
}

export function awaitStop(): StopSignal {
  const { promise, resolve } = Promise.withResolvers<void>();
  let first: number | null = null;
  const hear = (): void => {
    const now = performance.now();
    first ??= now;
    if (now - first > oneMs) process.exit(130);
    resolve();
  };
  for (const signal of signals) process.on(signal, hear);
  return {
    stopped: promise,
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, hear);
    },
  };
}
