import type { LocalDate } from './brand.ts';
import { type Enrolment, isEnrolled } from './enrolment.ts';
import type { RecordState } from './record.ts';
import type { SessionState } from './session.ts';
import type { Status } from './status.ts';

export type RegisterMark = Status | 'pending' | '-' | null;

/**
 * What a register shows for one person in one session, in step with the person's rate: in a closed session nothing
 * means absent, in an open one an absence from an earlier closing means nothing yet.
 */
export function deriveMark(
  session: { readonly date: LocalDate; readonly state: SessionState },
  record: RecordState | null,
  enrolment: Enrolment | null,
): RegisterMark {
  if (record?.pending) return 'pending';
  const enrolled = isEnrolled(enrolment, session.date);
  const isStanding = !(session.state === 'open' && record?.how === 'closing');
  if (record?.status && isStanding) return record.status;
  if (!enrolled) return '-';
  return session.state === 'closed' ? 'absent' : null;
}
