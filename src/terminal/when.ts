/** `2026-11-23 09:02` in a zone. */
export function dayAndTime(at: number, zone: string): string {
  const then = Temporal.Instant.fromEpochMilliseconds(Math.trunc(at)).toZonedDateTimeISO(zone);
  return `${then.toPlainDate()} ${then.toPlainTime().toString({ smallestUnit: 'minute' })}`;
}
