import { z } from 'zod';
import type { EventKind } from './retention.ts';

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
  'retention',
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
  'register',
  'roster',
  'anchor',
  'audit',
] as const;

const moment = z.coerce.number().int().nonnegative();

/** What is looked for. Without `stream` what concerns the organisation, people and reading; `all` is everything. */
const auditWhat = z.strictObject({
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
    .regex(/^(all|organisation|people|reads|(group|session):[\da-f-]{36})$/)
    .optional(),
});
export type AuditWhat = z.infer<typeof auditWhat>;

/** GET /api/audit: filters and where to go on. */
export const auditQuery = auditWhat.extend({
  cursor: z
    .string()
    .regex(/^\d{1,16}(\.\d{1,16}){0,2}(\.([a-z]+(:[\da-f-]{36})?|~))?$/)
    .optional(),
});
export type AuditQuery = z.infer<typeof auditQuery>;

/** GET /api/audit/export: what the filters show, as a file. */
export const auditExportQuery = auditWhat.extend({ format: z.enum(['csv', 'json']) });
export type AuditExportQuery = z.infer<typeof auditExportQuery>;

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
  /** Where it was done, as the event or the sign-in that it names says; null where nobody was signed in. */
  readonly address: string | null;
  readonly device: string | null;
  /** On the server's machine itself, or at a shared terminal. */
  readonly place: 'server' | 'terminal' | null;
  /** Name of that terminal, where it has one. */
  readonly terminal: string | null;
  /** What names nobody. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** What lay sealed, before and after among it; null where there was nothing, or where it cannot be opened. */
  readonly data: Readonly<Record<string, unknown>> | null;
  /** Whether there is sealed data that cannot be opened: destroyed with its key, or damaged. */
  readonly closed: boolean;
  /** By which rule of retention it was destroyed, and when; null where it was not. */
  readonly destroyed: { readonly rule: EventKind; readonly at: number } | null;
}

export interface AuditPage {
  /** Newest first. A page may be short, even empty, where filters had much to look through: then there is a cursor. */
  readonly events: readonly AuditLine[];
  readonly cursor: string | null;
  /** Everything since this instant has been looked at; null where all has been. */
  readonly lookedBackTo: number | null;
}
