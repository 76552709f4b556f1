import type { Board } from '../../src/core/session.wire.ts';
import type { Visitor } from '../visitor.ts';

/** What stands for one person of a board: number, name, status, whether in dispute. */
type Line = readonly [number: string, name: string, status: string | null, pending: boolean];

/** What the boards of a version showed, to be shown by every later one. */
export interface SavedBoard {
  readonly session: string;
  readonly title: string;
  readonly state: string;
  readonly people: readonly Line[];
}

/** Reads boards through the interface, as a page does. */
export async function readBoards(
  visitor: Visitor,
  sessions: readonly string[],
): Promise<SavedBoard[]> {
  const boards: SavedBoard[] = [];
  for (const session of sessions) {
    const { value } = await visitor.get<Board>(`/api/sessions/${session}`);
    const { title, state } = value;
    const people = value.people
      .map(({ number, name, record }): Line => [number, name, record.status, record.pending])
      .sort(([one], [other]) => (one < other ? -1 : 1));
    boards.push({ session, title, state, people });
  }
  return boards;
}
