import type { Instant } from './brand.ts';

/** How many backups stay: the newest of so many days, weeks (from Monday) and months that have one. */
export interface KeepRule {
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
}

/** A backup that could go. */
export interface MadeBackup {
  readonly name: string;
  readonly at: Instant;
  /** Whether the ledger in it holds; one in which it does not never takes the place of one in which it does. */
  readonly sound: boolean;
}

const dayMs = 24 * 3_600_000;
/** A newest backup that is older is warned of. */
export const oldBackupDays = 3;

/** Whole days since the newest backup; `since` counts where there is none: when the installation was begun. */
export function backupAgeDays(newestAt: Instant | null, since: Instant, now: Instant): number {
  return Math.floor((now - (newestAt ?? since)) / dayMs);
}

/** `muster-2026-11-23T020000Z.backup`: one second has one name, wherever it is read. */
export function backupName(at: Instant): string {
  const time = Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: 'second' });
  return `muster-${time.replaceAll(':', '')}.backup`;
}

/**
 * The names of those that stay. The newest of all always does, and so does the newest that is sound. Two kinds are
 * counted apart, sound ones and others.
 */
export function decideKept(
  backups: readonly MadeBackup[],
  rule: KeepRule,
  zone: string,
): ReadonlySet<string> {
  const newestFirst = backups.toSorted((one, other) => other.at - one.at);
  const kept = new Set<string>();
  for (const sound of [true, false]) {
    const some = newestFirst.filter((backup) => backup.sound === sound);
    for (const { name } of some.slice(0, 1)) kept.add(name);
    for (const [period, count] of [
      [dayOf, rule.daily],
      [weekOf, rule.weekly],
      [monthOf, rule.monthly],
    ] as const) {
      for (const name of newestOfEach(some, (at) => period(dateOf(at, zone)), count))
        kept.add(name);
    }
  }
  return kept;
}

function newestOfEach(
  newestFirst: readonly MadeBackup[],
  period: (at: Instant) => string,
  count: number,
): string[] {
  const newest = new Map<string, string>();
  for (const { name, at } of newestFirst) {
    const key = period(at);
    if (!newest.has(key)) newest.set(key, name);
  }
  return [...newest.values()].slice(0, count);
}

const dateOf = (at: Instant, zone: string): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
const dayOf = (date: Temporal.PlainDate): string => date.toString();
const weekOf = (date: Temporal.PlainDate): string => `${date.yearOfWeek}-${date.weekOfYear}`;
const monthOf = (date: Temporal.PlainDate): string => date.toPlainYearMonth().toString();

/** The last time at which the clock on the wall said `time` (`HH:MM`), now or before. */
export function lastOccasion(time: string, zone: string, now: Instant): Instant {
  for (let back = 0; ; back += 1) {
    const at = occasion(time, zone, now, -back);
    if (at <= now) return at;
  }
}

/** The next time at which it will say so, after now. */
export function nextOccasion(time: string, zone: string, now: Instant): Instant {
  for (let ahead = 0; ; ahead += 1) {
    const at = occasion(time, zone, now, ahead);
    if (at > now) return at;
  }
}

/** A time that a day leaves out, when clocks are set forward, counts as the one that follows. */
function occasion(time: string, zone: string, now: Instant, days: number): Instant {
  const at = dateOf(now, zone).add({ days }).toZonedDateTime({ timeZone: zone, plainTime: time });
  return at.epochMilliseconds as Instant;
}

/**
 * Whether a daily backup is to be made now: none was made since the last occasion, however many went by while the
 * machine slept or was off.
 * @param made when backups were made; what lies in the future, after a wrong clock, does not count
 * @param since when the installation was begun: it has nothing to catch up with before
 */
export function isDue(
  { time, zone }: { readonly time: string; readonly zone: string },
  { made, since, now }: { readonly made: readonly Instant[]; since: Instant; now: Instant },
): boolean {
  const past = made.filter((at) => at <= now);
  return Math.max(since, ...past) < lastOccasion(time, zone, now);
}

/** How long to wait after so many failures in a row. */
export function retryPauseMs(tries: number): number {
  const minutes = [1, 5, 15, 60, 180, 360];
  return (minutes[Math.min(tries, minutes.length) - 1] ?? 1) * 60_000;
}
