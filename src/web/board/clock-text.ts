const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string, options: Intl.DateTimeFormatOptions, name: string) {
  const key = `${name} ${zone}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(undefined, { timeZone: zone, ...options });
  formats.set(key, made);
  return made;
}

/** `09:02` or `9:02 AM` on the clocks of the session's zone. */
export const clockText = (at: number, zone: string): string =>
  formatOf(zone, { timeStyle: 'short' }, 'short').format(at);

/** The same with seconds. */
export const clockSeconds = (at: number, zone: string): string =>
  formatOf(zone, { timeStyle: 'medium' }, 'medium').format(at);

/** True where the reader's own clock shows another time, so that the zone has to be named. */
export function isOtherZone(zone: string, at: number): boolean {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return clockText(at, zone) !== clockText(at, own);
}
