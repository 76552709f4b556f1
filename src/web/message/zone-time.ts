/** The calendar and clock of a zone by Intl alone: pages must also work in a browser without Temporal. */

/** `2026-11-23T09:00` as the wall clock of the zone shows it at the instant. */
export function wallTime(at: number, zone: string | undefined): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  // while a year is typed it is 0002, then 0020
  const year = part.year?.padStart(4, '0');
  return `${year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}

/** `2026-11-23`: the zone's date. */
export const wallDate = (at: number, zone: string | undefined): string =>
  wallTime(at, zone).slice(0, 10);

/**
 * The instant at which the zone's clocks show this time. In the hour that spring skips the later reading is taken,
 * in the hour that autumn repeats the first.
 */
export function instantOf(local: string, zone: string | undefined): number {
  const asUtc = (text: string) => Date.parse(`${text.slice(0, 16)}:00Z`);
  const wanted = asUtc(local);
  const shift = (at: number) => asUtc(wallTime(at, zone)) - at;
  const day = 86_400_000;
  const guesses = [shift(wanted - day), shift(wanted + day)].map((offset) => wanted - offset);
  const exact = guesses.filter((at) => asUtc(wallTime(at, zone)) === wanted);
  return exact.length > 0 ? Math.min(...exact) : Math.max(...guesses);
}
