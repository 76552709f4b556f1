import type { Instant } from '../../core/brand.ts';
import { type RecordState, unmarked } from '../../core/record.ts';
import type { BoardPerson } from '../../core/session.wire.ts';
import { attended, type Status } from '../../core/status.ts';
import type { People } from './state.ts';

/** What the host did and the server has not yet shown back: laid over the board until a frame brings it. */
export interface Change {
  readonly id: number;
  readonly patches: ReadonlyMap<string, Patch>;
  /** The sequence that the server answered; null while the change is on its way. */
  readonly ack: number | null;
}

export type Patch = Partial<Pick<BoardPerson, 'record' | 'note' | 'claims'>>;

/** The record that a host's mark will make: a person who came keeps the time of coming. */
export function markedRecord(
  before: RecordState,
  status: Status | null,
  now: number,
  startsAt: number,
): RecordState {
  if (status === null) return unmarked;
  const came = attended(before.status) ? before.at : null;
  const at = attended(status) ? (came ?? (now as Instant)) : null;
  const minutesLate =
    status === 'late' && at !== null ? Math.max(1, Math.floor((at - startsAt) / 60_000)) : 0;
  return { status, at, minutesLate, how: 'host', pending: false };
}

/** People as the host sees them: the server's word with the changes on top, in the order they were made. */
export function layOver(people: People, changes: readonly Change[]): People {
  if (changes.length === 0) return people;
  const seen = new Map(people);
  for (const { patches } of changes) {
    for (const [id, patch] of patches) {
      const person = seen.get(id);
      if (person) seen.set(id, { ...person, ...patch });
    }
  }
  return seen;
}

/** People with something that is not on the server's board yet. */
export function unsyncedIn(changes: readonly Change[]): ReadonlySet<string> {
  return new Set(changes.flatMap(({ patches }) => [...patches.keys()]));
}

/** The server has taken the change, in the event `seq`. */
export function acknowledge(
  changes: readonly Change[],
  id: number,
  seq: number,
): readonly Change[] {
  return changes.map((change) => (change.id === id ? { ...change, ack: seq } : change));
}

/** Leaves out what the board up to `seq` contains by now. */
export function settleChanges(changes: readonly Change[], seq: number): readonly Change[] {
  const open = changes.filter(({ ack }) => ack === null || ack > seq);
  return open.length === changes.length ? changes : open;
}
