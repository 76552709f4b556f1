import type { Instant, LocalDate } from './brand.ts';

/** What the calendar and the clock on the wall say at an instant in an IANA zone. */
export interface LocalTime {
  readonly date: LocalDate;
  /** `HH:MM:SS`, 24 hours. */
  readonly time: string;
  /** Such as `+02:00`. */
  readonly offset: string;
}

export function localTime(instant: Instant, zone: string): LocalTime {
  const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  return {
    date: local.toPlainDate().toString() as LocalDate,
    time: local.toPlainTime().toString({ smallestUnit: 'second' }),
    offset: local.offset,
  };
}

/** The local date by the zone's rules; a session at 23:50 belongs to the day on which it began. */
export function localDate(instant: Instant, zone: string): LocalDate {
  return localTime(instant, zone).date;
}

/** `HH:MM`, 24 hours. */
export function localMinute(instant: Instant, zone: string): string {
  return localTime(instant, zone).time.slice(0, 5);
}

/** First instant of a local date, and of the one after it. */
export function dayBounds(date: LocalDate, zone: string): { from: Instant; to: Instant } {
  const day = Temporal.PlainDate.from(date);
  const start = (of: Temporal.PlainDate) => of.toZonedDateTime(zone).epochMilliseconds as Instant;
  return { from: start(day), to: start(day.add({ days: 1 })) };
}

/** True where the runtime knows the IANA zone. */
export function isZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}
