import type { RecordState } from '../../core/record.ts';
import type { BoardPerson } from '../../core/session.wire.ts';
import type { Status } from '../../core/status.ts';
import type { People } from './state.ts';

/** What the host did and the server has not yet shown back: laid over the board until a frame brings it. */
export interface Change {
  readonly id: number;
  readonly patches: ReadonlyMap<string, Patch>;
  /** The sequence that the server answered; null while the change is on its way. */
  readonly ack: number | null;
}

export type Patch = Partial<Pick<BoardPerson, 'record' | 'note' | 'claims'>>;

/** The record that a host's mark will make. */
export function markedRecord(status: Status | null, at: number, startsAt: number): RecordState {
  return {
    status,
    at: status === null ? null : (at as RecordState['at']),
    minutesLate: status === 'late' ? Math.max(0, Math.floor((at - startsAt) / 60_000)) : 0,
    how: status === null ? null : 'host',
    pending: false,
  };
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
