const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The wish to stop, by Ctrl+C, a closed window or a service manager. The second one ends the process at once. */
export interface StopSignal extends Disposable {
  readonly stopped: Promise<void>;
}

export function awaitStop(): StopSignal {
  const { promise, resolve } = Promise.withResolvers<void>();
  let count = 0;
  const hear = (): void => {
    count += 1;
    if (count > 1) process.exit(130);
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
