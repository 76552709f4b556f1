import type { PersonId } from '../core/brand.ts';
import { localTime } from '../core/local-time.ts';
import type { RecordState } from '../core/record.ts';
import type { Known } from '../store/directory.ts';
import type { HistoryEvent } from '../store/history.ts';

/** An event in one line: when, where in the ledger, what, about whom, what stands, by whom, the facts, the hash. */
export function describeEvent(
  event: HistoryEvent,
  people: ReadonlyMap<PersonId, Known>,
  zone: string,
): string {
  const { date, time } = localTime(event.occurredAt, zone);
  const name = (id: string) => describePerson(id, people.get(id as PersonId));
  const parts = [
    `${date} ${time}`,
    `${event.stream} #${event.seq}`,
    event.type,
    event.subject === null ? '' : name(event.subject),
    event.record === null ? '' : `-> ${describeRecord(event.record, zone)}`,
    `by ${name(event.actor)}`,
    describeFacts({ ...event.facts, ...event.data }),
    describeDestroyed(event.destroyed, zone),
    event.hash.slice(0, 10),
  ];
  return clean(parts.filter((part) => part !== '').join('  '));
}

function describePerson(id: string, known: Known | undefined): string {
  if (!known) return id;
  return [known.number, known.name].filter(Boolean).join(' ');
}

function describeRecord({ status, at, minutesLate, how, pending }: RecordState, zone: string) {
  if (pending) return 'disputed';
  if (status === null) return 'unmarked';
  const when = at === null ? '' : ` at ${localTime(at, zone).time}`;
  const late = status === 'late' ? `, ${minutesLate} min late` : '';
  return `${status}${when}${late}${how === null ? '' : ` (${how})`}`;
}

function describeDestroyed(destroyed: HistoryEvent['destroyed'], zone: string): string {
  if (!destroyed) return '';
  return `[destroyed by the rule ${destroyed.rule} on ${localTime(destroyed.at, zone).date}]`;
}

function describeFacts(facts: Readonly<Record<string, unknown>>): string {
  const shown = Object.entries(facts).map(([key, value]) => {
    return `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`;
  });
  return shown.join(' ');
}

/** A name or note cannot move the cursor, colour the terminal or forge a line. */
const clean = (text: string): string =>
  text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
