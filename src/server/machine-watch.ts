import { commit } from '../store/ledger.ts';
import { organisationStream } from '../store/store.ts';
import type { Address } from './address.ts';
import { watchAddresses } from './address.ts';
import type { App } from './app.ts';
import { millisecondsSinceBoot, type Timers, type Watch, watchClock } from './wall-clock.ts';

const everyMs = 5_000;
const stepMs = 2_000;

/**
 * Notices what happens to the machine under a running server and tells the hosts: it slept, its addresses changed,
 * its clock was set. A changed clock is an event of the ledger too, since times before and after it do not compare.
 */
export function watchMachine(
  app: App,
  {
    onAddresses,
    ...ports
  }: {
    onAddresses: (addresses: Address[]) => void;
    timers?: Timers;
    read?: () => Address[];
    wall?: () => number;
    monotonic?: () => number;
  },
): Watch {
  const { timers, read, wall = Date.now, monotonic = millisecondsSinceBoot } = ports;
  const addresses = watchAddresses({
    ...(read ? { read } : {}),
    ...(timers ? { timers } : {}),
    everyMs,
    onChange({ addresses: now }) {
      app.warnings.raise('address-changed', { origin: app.origins()[0]?.origin ?? '' });
      onAddresses(now);
    },
  });
  const clock = watchClock({
    ...(timers ? { timers } : {}),
    wall,
    monotonic,
    everyMs,
    thresholdMs: stepMs,
    onSleep: (ms) => app.warnings.raise('slept', { ms: Math.round(ms) }),
    onStep(ms) {
      app.warnings.raise('clock-changed', { ms: Math.round(ms) });
      recordStep(app, Math.round(ms)).catch((error: unknown) =>
        app.databaseAway.log(error, 'clock step'),
      );
    },
  });
  return {
    stop() {
      addresses.stop();
      clock.stop();
    },
    async [Symbol.asyncDispose]() {
      addresses.stop();
      clock.stop();
    },
  };
}

async function recordStep({ store }: App, byMs: number): Promise<void> {
  await commit(store, ({ append, now }) =>
    append([
      {
        stream: organisationStream,
        type: 'clock.changed',
        occurredAt: now,
        actor: 'job',
        subject: null,
        facts: { byMs },
      },
    ]),
  );
}
