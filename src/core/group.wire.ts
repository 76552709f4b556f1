import { z } from 'zod';
import { localDate, personId, rawText, title } from './field.wire.ts';
import type { Rate } from './rate.ts';
import { rosterRules } from './session.ts';
import type { Status } from './status.ts';

/** GET /api/groups: those that the signed-in person may see. */
export interface GroupLine {
  readonly id: string;
  readonly name: string;
  readonly people: number;
  readonly hosts: readonly string[];
  readonly archived: boolean;
  readonly openSession: string | null;
  readonly lastSessionAt: number | null;
}

/** Defaults for the group's sessions. */
export const groupSettings = z.strictObject({
  lateAfterMinutes: z.int().min(0).max(600),
  closeGraceMinutes: z.int().min(0).max(600),
  stepMs: z.int().min(1_000).max(60_000),
  codeGraceMs: z.int().min(0).max(60_000),
  typedCode: z.boolean(),
  rosterRule: z.enum(rosterRules),
});
export type GroupSettings = z.infer<typeof groupSettings>;

/** POST /api/groups -> { id }; POST /api/groups/:id */
export const groupRequest = z.strictObject({ name: title, settings: groupSettings.optional() });
export const groupChange = z.strictObject({
  name: title.optional(),
  archived: z.boolean().optional(),
  settings: groupSettings.optional(),
});

/** GET /api/groups/:id */
export interface GroupView {
  readonly id: string;
  readonly name: string;
  readonly archived: boolean;
  readonly settings: GroupSettings;
  readonly hosts: readonly { readonly id: string; readonly name: string }[];
  readonly supervisors: readonly { readonly id: string; readonly name: string }[];
  readonly roster: readonly RosterLine[];
}

export interface RosterLine {
  readonly person: string;
  readonly number: string;
  readonly name: string;
  readonly email: string | null;
  readonly from: string;
  readonly until: string | null;
  readonly rate: Rate;
}

/** POST /api/groups/:id/hosts: the new whole list; an empty one is refused as `last-host`. */
export const hostsRequest = z.strictObject({ hosts: z.array(personId).max(100) });

/** POST /api/groups/:id/people -> { person }: adds a person, or enrols the one who bears the number. */
export const personRequest = z.strictObject({
  number: rawText,
  name: rawText,
  email: rawText.optional(),
  from: localDate.optional(),
  until: localDate.nullable().optional(),
});
/** POST /api/groups/:id/people/:person */
export const personChange = z.strictObject({
  number: rawText.optional(),
  name: rawText.optional(),
  email: rawText.nullable().optional(),
  from: localDate.optional(),
  until: localDate.nullable().optional(),
});

/** GET /api/groups/:id/register: every session of the group against every person. */
export interface GroupRegister {
  readonly group: string;
  readonly sessions: readonly {
    readonly id: string;
    readonly title: string;
    readonly date: string;
    readonly time: string;
    readonly state: string;
  }[];
  readonly people: readonly {
    readonly person: string;
    readonly number: string;
    readonly name: string;
    readonly rate: Rate;
    /** One per session, in their order; null: nothing stands; `-`: not enrolled then. */
    readonly marks: readonly (Status | 'pending' | '-' | null)[];
  }[];
}
