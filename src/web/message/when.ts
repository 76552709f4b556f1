import { signal } from '@preact/signals';

/** The organisation's zone; set on signing in. Every date and time on a page is told in it. */
export const zone = signal<string | undefined>(undefined);

function part(at: number, options: Intl.DateTimeFormatOptions): string {
  const written = new Intl.DateTimeFormat(undefined, { timeZone: zone.value, ...options }).format(
    at,
  );
  // a time stays on one line with its AM or PM
  return written.replace(/ (?=[AP]M$)/, '\u00a0');
}

/** `9:02 AM` or `09:02`, as the reader writes it. */
export const timeText = (at: number): string => part(at, { timeStyle: 'short' });

/** `23 Nov 2026`. */
export const dayText = (at: number): string => part(at, { dateStyle: 'medium' });

/** `Mon, 23 Nov`: near days, where the year goes without saying. */
export const weekdayText = (at: number): string =>
  part(at, { weekday: 'short', day: 'numeric', month: 'short' });

/** Date and time. */
export const momentText = (at: number): string =>
  part(at, { dateStyle: 'medium', timeStyle: 'short' });

/** A calendar date `YYYY-MM-DD` as the reader writes it; it has no zone. */
export function dateText(date: string): string {
  const options = { dateStyle: 'medium', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(undefined, options).format(Date.parse(`${date}T00:00:00Z`));
}

/** `23/11`: the head of a register's column. */
export function shortDateText(date: string): string {
  const options = { day: 'numeric', month: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(undefined, options).format(Date.parse(`${date}T00:00:00Z`));
}

/** `93 %`, never rounded up to 100. */
export function rateText(rate: number | null): string {
  if (rate === null) return '–';
  const whole = rate < 1 ? Math.floor(rate * 100) / 100 : 1;
  return new Intl.NumberFormat(undefined, { style: 'percent' }).format(whole);
}
