import type { KeepRule } from './backup-schedule.ts';
import {
  type RetentionKind,
  type RetentionRule,
  type RetentionRules,
  retentionKinds,
} from './retention.ts';

/** One kind of data: what it is, and for how long it is kept. */
export interface PolicyLine {
  readonly kind: RetentionKind | 'records' | 'people' | 'backups';
  readonly what: string;
  readonly kept: string;
}

/** What the public is told of how long data are kept, as the rules stand. */
export interface Policy {
  readonly title: string;
  readonly lead: string;
  readonly columns: readonly [what: string, kept: string];
  readonly lines: readonly PolicyLine[];
  readonly notes: readonly string[];
}

const whats: Readonly<Record<RetentionKind, string>> = {
  evidence:
    'What a check-in came with: network address and browser of the phone, how the code came, number and name as they were typed',
  access: 'Network addresses and devices of sign-ins and of what was done after them',
  mail: 'Mails that were sent, and those that could not be: address, subject, state',
  notes: 'Notes that were written to a mark',
  guests: 'Guests of a session: number and name of people who are not of the organisation',
  deactivated: 'People who left: everything that says who they were',
};

const after: Readonly<Record<RetentionKind, string>> = {
  evidence: 'after the check-in, once the session is over',
  access: 'after it was done',
  mail: 'after they were sent or given up',
  notes: 'after they were written, once the session is over',
  guests: 'after the session',
  deactivated: 'after they were deactivated',
};

/** `12 months`, `1 day`; null for ever. */
export function describeRule(rule: RetentionRule): string | null {
  if (rule === null) return null;
  const { count, unit } = rule;
  return `${count} ${count === 1 ? unit.slice(0, -1) : unit}`;
}

function describeKept(kind: RetentionKind, rule: RetentionRule): string {
  const time = describeRule(rule);
  if (time === null) return 'Until the organisation decides otherwise, or the person is erased';
  return `${time} ${after[kind]}`;
}

/** Which backups stay: the oldest is the longest that erased data can lie anywhere. */
function describeBackups(keep: KeepRule | null): string {
  const held = 'A backup holds what was there when it was made';
  const erased = 'People who were erased cannot be brought back from it';
  if (keep === null) return `${held}, for as long as the organisation keeps it. ${erased}`;
  const { daily, weekly, monthly } = keep;
  const spans = [
    describeRule({ count: daily, unit: 'days' }),
    weekly > 0 && `${weekly} ${weekly === 1 ? 'week' : 'weeks'}`,
    monthly > 0 && describeRule({ count: monthly, unit: 'months' }),
  ].filter((span) => typeof span === 'string');
  const last = spans.pop();
  const all = spans.length === 0 ? last : `${spans.join(', ')} and ${last}`;
  return `${held}. Of those made every day the newest of each of the last ${all} stay; older ones are deleted. ${erased}`;
}

/**
 * @param organisation its name; empty where it has none yet
 * @param backups which of the backups that are made by themselves stay; null where none are
 */
export function describePolicy(
  rules: RetentionRules,
  { organisation, backups }: { readonly organisation: string; readonly backups: KeepRule | null },
): Policy {
  const who = organisation || 'This organisation';
  return {
    title: 'How long attendance data are kept',
    lead: `${who} takes attendance with Muster. This page says which data it keeps, and for how long. It is made from the settings that are in force.`,
    columns: ['Data', 'Kept for'],
    lines: [
      {
        kind: 'records',
        what: 'Attendance: who was there, when, and how it was recorded',
        kept: 'As long as the organisation has to keep it; without a name once the person is erased',
      },
      {
        kind: 'people',
        what: 'People of the organisation: number, name, e-mail and other details',
        kept: 'As long as they belong to it',
      },
      ...retentionKinds.map((kind) => ({
        kind,
        what: whats[kind],
        kept: describeKept(kind, rules[kind]),
      })),
      {
        kind: 'backups',
        what: 'Backups',
        kept: describeBackups(backups),
      },
    ],
    notes: [
      'A time is over at the end of the day on which it is reached. The data are destroyed on the day after, every day anew.',
      'Data about a person may be kept for longer while the law demands it (a legal hold).',
      'Faces are not recognised, and photographs are not kept.',
      'You may ask the organisation for everything that is kept about you, and to be erased.',
    ],
  };
}

/** The same as plain text, to be copied. */
export function writePolicy({ title, lead, lines, notes }: Policy): string {
  const list = lines.map(({ what, kept }) => `- ${what}. Kept for: ${kept}.`);
  return [title, '', lead, '', ...list, '', ...notes, ''].join('\n');
}
