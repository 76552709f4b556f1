import { eventWord, factWord } from '../core/event-word.ts';
import type { RecordState } from '../core/record.ts';
import type { HistoryEvent } from '../store/history.ts';
import type { Destroyed } from '../store/retention-trace.ts';

interface Around {
  /** The ids under which the person is known. */
  readonly themselves: ReadonlySet<string>;
  /** What sessions and groups are called, by id. */
  readonly places: ReadonlyMap<string, string>;
  /** Writes an instant in the zone of the organisation. */
  readonly when: (at: number | null) => string;
}

const actors: Readonly<Record<string, string>> = {
  phone: 'a phone',
  terminal: 'a shared terminal',
  job: 'Muster, by the clock',
  operator: 'whoever runs the machine',
  nobody: 'somebody not signed in',
  registration: 'registering',
};

const ways: Readonly<Record<string, string>> = {
  code: 'scanned code',
  typed: 'typed code',
  terminal: 'shared terminal',
  host: 'by hand',
  closing: 'closing of the session',
  import: 'imported file',
  link: 'link',
  password: 'password',
  passkey: 'passkey',
};

const retired: Readonly<Record<Destroyed['rule'], string>> = {
  evidence: 'what check-ins came with',
  access: 'addresses and devices',
  notes: 'notes to marks',
};

/** An event of the ledger as whoever it is about reads it. */
export function presentSubjectEvent(event: HistoryEvent, around: Around) {
  const { themselves, places, when } = around;
  const { type, stream, actor, record, facts, data, destroyed, hash } = event;
  // the sign-in is named by its place in the ledger: it says nothing to a reader
  const { signIn: _, ...told } = { ...facts, ...data };
  const place = places.get(stream.slice(stream.indexOf(':') + 1));
  const lines = [
    ...(place ? [place] : []),
    ...(record ? [describeStanding(record, when)] : []),
    ...describeFacts(told, around),
    ...(destroyed
      ? [`Destroyed by the rule for ${retired[destroyed.rule]}, ${when(destroyed.at)}`]
      : []),
  ];
  const by = themselves.has(actor) ? 'the person' : (actors[actor] ?? 'somebody else');
  return { at: when(event.occurredAt), what: eventWord(type), by, lines, proof: hash.slice(0, 10) };
}

/** How a record came to be, or somebody in. */
export const wayWord = (how: string | null): string => (how === null ? '' : (ways[how] ?? how));

function describeStanding(
  { status, at, minutesLate, how, pending }: RecordState,
  when: Around['when'],
) {
  if (pending) return 'Stands: disputed, two phones claim this number';
  if (status === null) return 'Stands: nothing';
  const late = status === 'late' ? `${minutesLate} min late` : '';
  return `Stands: ${[status, late, when(at), wayWord(how)].filter(Boolean).join(', ')}`;
}

type Told = Readonly<Record<string, unknown>>;

/** What was told, value by value; what changed with before and after. */
function describeFacts(told: Told, around: Around): string[] {
  const { before, after, ...rest } = told;
  const earlier = asTold(before);
  const now: Told = { ...rest, ...asTold(after) };
  return Object.entries({ ...earlier, ...now }).flatMap(([key]) => {
    const value = describeValue(key, now[key], around);
    if (key in earlier) {
      const was = describeValue(key, earlier[key], around);
      return was === value ? [] : [`${factWord(key)}: ${was || 'nothing'} → ${value || 'nothing'}`];
    }
    return value === '' ? [] : [`${factWord(key)}: ${value}`];
  });
}

const asTold = (value: unknown): Told =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Told) : {};

function describeValue(key: string, value: unknown, around: Around): string {
  const { themselves, places, when } = around;
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((one) => describeValue(key, one, around)).join(', ');
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([inner, one]) => `${factWord(inner)} ${describeValue(inner, one, around)}`)
      .join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number' && /(^at|At)$/.test(key)) return when(value);
  const text = String(value);
  if (key === 'via' || key === 'how') return wayWord(text);
  return themselves.has(text) ? 'this person' : (places.get(text) ?? text);
}
