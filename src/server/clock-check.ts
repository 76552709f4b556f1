import { DatabaseClock } from '../store/database-clock.ts';
import type { App } from './app.ts';

/** Apart further than this, an instance does not serve: its log, certificates and files would tell other times. */
const maxSkewMs = 1_000;
/** A clock that could not be compared for so long is not trusted any more. */
const maxSilenceMs = 30_000;

/**
 * Where the store follows the database server's clock: an instance is ready only while its machine's own clock agrees
 * with it.
 */
export function checkClock({
  store,
  health,
  metrics,
  log,
}: Pick<App, 'store' | 'health' | 'metrics' | 'log'>): void {
  const { clock } = store;
  if (!(clock instanceof DatabaseClock)) return;
  let wasRight = true;
  health.register('clock', async () => {
    metrics.setClockSkew(clock.skewMs / 1_000);
    const reason = judge(clock);
    if (reason !== null && wasRight) log.warn({ reason }, 'not ready: the clock');
    wasRight = reason === null;
    return reason;
  });
}

/** Why this machine's clock is not to be trusted, or null. */
function judge({ skewMs, silentMs }: DatabaseClock): string | null {
  if (silentMs > maxSilenceMs) {
    return `not compared with the database server’s for ${Math.round(silentMs / 1_000)} s: the server does not tell the time`;
  }
  if (Math.abs(skewMs) <= maxSkewMs) return null;
  const seconds = Math.abs(skewMs / 1_000).toFixed(1);
  return `${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} the database server’s: set both by a time server (timedatectl set-ntp true)`;
}
