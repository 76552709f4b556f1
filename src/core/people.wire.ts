import { z } from 'zod';
import type { Role } from './account.wire.ts';
import { note, personId, rawText, title } from './field.wire.ts';
import type { Rate } from './rate.ts';
import type { How, Status } from './status.ts';

/** What is known of a person besides number, name and address; texts of one person, all sealed. */
export const personDetails = ['contact', 'address', 'birthDate', 'job', 'department'] as const;
export type PersonDetail = (typeof personDetails)[number];

const personStates = ['active', 'inactive'] as const;
export type PersonState = (typeof personStates)[number];
export const peopleSorts = ['name', '-name', 'number', '-number', 'added', '-added'] as const;
export type PeopleSort = (typeof peopleSorts)[number];
/** People of one page. */
export const peoplePageSize = 200;

/**
 * GET /api/people?query=&state=&role=&group=&sort=&cursor=
 * `query`: beginnings of words of name, number, e-mail, contact, job, department and own fields; each must be found.
 * `state`: `active` (unless told), `inactive` or `all`. `role`: a role, or `none`. `group`: an id, or `none`.
 * `sort`: one of `peopleSorts`; without it, best first where there is a query, else by name.
 */
export interface PeoplePage {
  readonly people: readonly PersonLine[];
  /** How many match in all. */
  readonly total: number;
  /** Asks for the next page; null at the end. */
  readonly cursor: string | null;
  /** How much of the people has been read into the index: from 0 to 1. Below 1 nobody is shown yet: ask again. */
  readonly indexed: number;
}

export interface PersonLine {
  readonly person: string;
  readonly number: string | null;
  readonly name: string;
  readonly email: string | null;
  readonly state: PersonState;
  readonly roles: readonly Role[];
  readonly job: string | null;
  readonly department: string | null;
  /** Groups in which the person is enrolled now or later. */
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  readonly addedAt: number;
  /** Where the words of the query were found: `name`, `number`, `email`, a detail, or `own.ID`. */
  readonly matched: readonly string[];
}

/** GET /api/people/:person */
export interface PersonView {
  readonly person: string;
  readonly state: PersonState;
  readonly number: string | null;
  readonly name: string;
  readonly email: string | null;
  readonly contact: string | null;
  readonly address: string | null;
  /** `1990-12-31` */
  readonly birthDate: string | null;
  readonly job: string | null;
  readonly department: string | null;
  /** By the id of the field; what is empty is missing. */
  readonly own: Readonly<Record<string, string>>;
  readonly addedAt: number;
  readonly roles: readonly Role[];
  /** Whether the person has a password. */
  readonly account: boolean;
  readonly groups: readonly PersonGroup[];
  /** Others who turned out to be this person. */
  readonly merged: readonly string[];
  /** Kept from erasure for a reason of law; false for whoever may not know of legal holds. */
  readonly held: boolean;
}

/** A person as others or they themselves are shown them. */
export type ShownPerson = Omit<PersonView, 'held'> & Partial<Pick<PersonView, 'held'>>;

/** GET /api/me/person: oneself, and what the organisation's own fields are called; of legal holds nothing is said. */
export interface OwnPersonView extends Omit<PersonView, 'held'> {
  readonly fields: readonly OwnField[];
}

export interface PersonGroup {
  readonly id: string;
  readonly name: string;
  readonly archived: boolean;
  readonly from: string;
  readonly until: string | null;
  readonly rate: Rate;
}

/** GET /api/people/:person/attendance and /api/me/attendance: newest first; sessions of which the person is a part. */
export interface PersonAttendance {
  readonly rate: Rate;
  readonly sessions: readonly AttendanceLine[];
}
export interface AttendanceLine {
  readonly session: string;
  readonly title: string;
  /** Null for a quick roll. */
  readonly group: { readonly id: string; readonly name: string } | null;
  readonly date: string;
  readonly startsAt: number;
  readonly state: string;
  /** Null: nothing stands. */
  readonly status: Status | null;
  readonly at: number | null;
  readonly minutesLate: number;
  readonly how: How | null;
  readonly pending: boolean;
}

/** GET /api/people/:person/history: what was done to the person's data, newest first, at most 200. */
export interface PersonHistory {
  readonly events: readonly PersonEvent[];
}
export interface PersonEvent {
  readonly id: string;
  readonly at: number;
  /** Such as `person.changed`. */
  readonly type: string;
  readonly actor: { readonly id: string; readonly name: string };
  readonly group: { readonly id: string; readonly name: string } | null;
  /** Fields that became other than they were; empty where nothing of the kind is known. */
  readonly changes: readonly {
    readonly field: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
  /** Why, where a reason was given. */
  readonly reason: string | null;
}

const shortText = z.string().max(2_000);
const own = z.record(z.string().max(40), shortText);
const details = {
  contact: shortText.nullable().optional(),
  address: shortText.nullable().optional(),
  /** `1990-12-31` or `31.12.1990` */
  birthDate: shortText.nullable().optional(),
  job: shortText.nullable().optional(),
  department: shortText.nullable().optional(),
  /** Empty text takes a field away; a field that is not named stays. */
  own: own.optional(),
};

/** POST /api/people -> { person } */
export const newPerson = z.strictObject({
  number: rawText.nullable().optional(),
  name: rawText,
  email: rawText.nullable().optional(),
  ...details,
});
export type NewPerson = z.infer<typeof newPerson>;

/** POST /api/people/:person -> { ok }; what is left out stays, null or an empty text takes away. */
export const wholePersonChange = newPerson.partial();
export type WholePersonChange = z.infer<typeof wholePersonChange>;

/** POST /api/people/:person/deactivate and /reactivate -> { ok } */
export const stateChange = z.strictObject({ reason: note.optional() });

/** POST /api/people/:person/merge and /merge/preview: `:person` goes, `into` stays. */
export const mergeRequest = z.strictObject({
  into: personId,
  /** Whose value stands where both have one: names of fields taken from the one who goes. The rest stays. */
  take: z.array(z.string().max(60)).max(200).optional(),
});
export type MergeRequest = z.infer<typeof mergeRequest>;

/** What a merge will do, or did. */
export interface MergeResult {
  readonly from: { readonly person: string; readonly name: string; readonly number: string | null };
  readonly into: { readonly person: string; readonly name: string; readonly number: string | null };
  /** Every field that either has; `from` and `into` as they stand, `result` as it will be. */
  readonly fields: readonly {
    readonly field: string;
    readonly from: string | null;
    readonly into: string | null;
    readonly result: string | null;
  }[];
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  /** Sessions in which a record moves. */
  readonly records: number;
  /** Sessions in which both have one; the rule says which stands. */
  readonly conflicts: readonly {
    readonly session: string;
    readonly title: string;
    readonly date: string;
    readonly from: Status | null;
    readonly into: Status | null;
    readonly result: Status | null;
  }[];
  /** The number of the one who goes is never given to anybody again. */
  readonly retiresNumber: boolean;
  /** Roles, passwords, passkeys and sign-ins of the one who goes end. */
  readonly endsAccount: boolean;
}

const fieldTypes = ['text', 'date', 'number', 'choice'] as const;

/** GET and POST /api/people/fields: the organisation's own fields, the whole list. */
const ownField = z.strictObject({
  /** Given by the page; stays when the name changes. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  name: title,
  type: z.enum(fieldTypes),
  choices: z.array(title).max(100).optional(),
});
export type OwnField = z.infer<typeof ownField>;
export const ownFields = z.strictObject({ fields: z.array(ownField).max(50) });
export type OwnFields = z.infer<typeof ownFields>;

/** Text of a file of 50,000 people with all their fields. */
const peopleTextMaxLength = 20_000_000;

/**
 * POST /api/people/import/preview -> PeoplePreview; /api/people/import/apply -> PeopleImported, at the end. `columns`
 * maps fields to column indexes: `number`, `name`, `firstName`, `lastName`, `email`, a detail, or `own.ID`.
 */
export const peopleImport = z.strictObject({
  text: z.string().max(peopleTextMaxLength),
  columns: z.record(z.string().max(60), z.int().min(0).max(200)).optional(),
  header: z.boolean().optional(),
});
export type PeopleImport = z.infer<typeof peopleImport>;

export interface PeoplePreview {
  readonly header: readonly string[];
  readonly hasHeader: boolean;
  readonly columns: Readonly<Record<string, number>>;
  readonly counts: PeopleCounts;
  /** At most 200 rows: every wrong one first, then the first others. */
  readonly rows: readonly PeopleRow[];
  readonly total: number;
}
export interface PeopleCounts {
  readonly add: number;
  readonly change: number;
  readonly same: number;
  readonly wrong: number;
}
export interface PeopleRow {
  /** 1-based line of the file. */
  readonly line: number;
  readonly number: string;
  readonly name: string;
  readonly email: string | null;
  readonly action: 'add' | 'change' | 'same' | 'wrong';
  /** Fields that change, by name, as they stand and as they will be. */
  readonly changes: readonly {
    readonly field: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
  /** Why it is wrong: refusal codes, or `duplicate-in-file`. */
  readonly problems: readonly string[];
  /** For `duplicate-in-file`: the line that stands. */
  readonly firstLine: number | null;
}

/** GET /api/people/import -> { progress }: one's own last import, whichever server runs it; null before the first. */
export interface PeopleImportProgress {
  /** `stopped`: its server went away in the middle. Repeating it does no harm. */
  readonly state: 'running' | 'done' | 'stopped';
  readonly done: number;
  readonly total: number;
  readonly counts: PeopleCounts;
  readonly startedAt: number;
}
/** The answer to apply. */
export type PeopleImported = PeopleCounts;

/** GET /api/people.csv?query=&state=&role=&group=&sort=: all fields of those whom the list would show. */
