import { z } from 'zod';

/** Kinds of events by the beginning of their type, as the viewer offers them. */
export const auditKinds = [
  'sign-in',
  'password',
  'passkey',
  'totp',
  'second-step',
  'account',
  'role',
  'invitation',
  'registration',
  'person',
  'people',
  'erasure',
  'hold',
  'organisation',
  'mail',
  'terminal',
  'hosts',
  'enrolment',
  'session',
  'check-in',
  'mark',
  'backup',
  'master-key',
  'recovery',
  'anchor',
  'audit',
] as const;

const moment = z.coerce.number().int().nonnegative();

/** GET /api/audit: filters and where to go on. Without `stream` those of the organisation and of people. */
export const auditQuery = z.strictObject({
  /** Received at this instant or later, and before that one. */
  from: moment.optional(),
  until: moment.optional(),
  /** A person's id, or `phone`, `job`, `operator`. */
  actor: z.string().max(100).optional(),
  subject: z.string().max(100).optional(),
  /** The beginning of an event's type. */
  kind: z
    .string()
    .max(50)
    .regex(/^[a-z][a-z.-]*$/)
    .optional(),
  stream: z
    .string()
    .regex(/^(organisation|people|(group|session):[\da-f-]{36})$/)
    .optional(),
  cursor: z
    .string()
    .regex(/^\d{1,15}(\.\d{1,15})?$/)
    .optional(),
});
export type AuditQuery = z.infer<typeof auditQuery>;

/** Somebody in an event; the name is null where nobody can open it any more, and of `phone`, `job` and `operator`. */
export interface AuditPerson {
  readonly id: string;
  readonly name: string | null;
}

export interface AuditLine {
  readonly id: string;
  readonly stream: string;
  readonly seq: number;
  readonly type: string;
  readonly at: number;
  readonly actor: AuditPerson;
  readonly subject: AuditPerson | null;
  /** Where the event came from, where it says so. */
  readonly address: string | null;
  readonly device: string | null;
  /** What names nobody. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** What lay sealed, before and after among it; null where there was nothing, or where it cannot be opened. */
  readonly data: Readonly<Record<string, unknown>> | null;
  /** Whether there is sealed data that cannot be opened: destroyed with its key, or damaged. */
  readonly closed: boolean;
}

export interface AuditPage {
  /** Newest first. A page may be short, even empty, where filters had much to look through: then there is a cursor. */
  readonly events: readonly AuditLine[];
  readonly cursor: string | null;
  /** Everything since this instant has been looked at; null where all has been. */
  readonly lookedBackTo: number | null;
}
