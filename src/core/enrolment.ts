import type { LocalDate } from './brand.ts';

/** A person's time in a group, by local date; both ends belong to it. */
export interface Enrolment {
  readonly from: LocalDate;
  readonly until: LocalDate | null;
}

/** Dates are `YYYY-MM-DD`, so they compare as text. */
export function isEnrolled(enrolment: Enrolment | null | undefined, date: LocalDate): boolean {
  if (!enrolment) return false;
  return enrolment.from <= date && (enrolment.until === null || date <= enrolment.until);
}
