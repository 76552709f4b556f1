import type { BoardFrame } from '../../core/live.wire.ts';
import { deriveTally, type Tally } from '../../core/rate.ts';
import type { Board, BoardPerson } from '../../core/session.wire.ts';

/** The session itself: all of a board but its people. */
export type BoardSession = Omit<Board, 'people' | 'seq' | 'serverTime'>;
export type People = ReadonlyMap<string, BoardPerson>;

/** A board as of one sequence of its session's stream. */
export interface BoardState {
  readonly session: BoardSession;
  /** The sequence that `session` was read at; people may be further on. */
  readonly sessionSeq: number;
  readonly people: People;
  /** Every event up to here is in. */
  readonly seq: number;
  /** Who came by a frame since the board was fetched, with that frame's sequence. */
  readonly touched: ReadonlyMap<string, number>;
}

/** The board as the server answered it. */
export function openBoard({ people, seq, serverTime: _, ...session }: Board): BoardState {
  return {
    session,
    sessionSeq: seq,
    people: new Map(people.map((person) => [person.id, person])),
    seq,
    touched: new Map(),
  };
}

/**
 * Takes one frame in. A frame lists everybody who changed after `from`, whole, as they stand at `seq` or later; so
 * one that overlaps what is here is applied, one that ends before it brings nothing, and one that begins after it
 * leaves a gap: the caller then asks for what comes after `state.seq`.
 */
export function applyFrame(state: BoardState, frame: BoardFrame): BoardState | 'gap' {
  if (frame.from > state.seq) return 'gap';
  if (frame.seq <= state.seq) return state;
  const people = new Map(state.people);
  for (const id of frame.gone) people.delete(id);
  for (const person of frame.people) people.set(person.id, person);
  const touched = new Map(state.touched);
  for (const id of [...frame.gone, ...frame.people.map((person) => person.id)])
    touched.set(id, frame.seq);
  const session =
    frame.state === undefined ? state.session : { ...state.session, state: frame.state };
  return { ...state, session, people, seq: frame.seq, touched };
}

/**
 * Takes in a board that was fetched again. Frames may have overtaken the answer: whoever they brought stays as they
 * said, everybody else is taken from the answer, as a roster changes without an event of the session.
 */
export function absorbBoard(state: BoardState, board: Board): BoardState {
  if (board.seq >= state.seq) return openBoard(board);
  if (board.seq < state.sessionSeq) return state;
  const { session, people: fetched } = openBoard(board);
  const people = new Map(fetched);
  for (const [id, seq] of state.touched) {
    if (seq <= board.seq) continue;
    const person = state.people.get(id);
    if (person) people.set(id, person);
    else people.delete(id);
  }
  const { state: stands } = state.session;
  return { ...state, session: { ...session, state: stands }, sessionSeq: board.seq, people };
}

/** Live counts of what the board shows. */
export function tallyOf(session: BoardSession, people: People): Tally {
  const records = function* () {
    for (const person of people.values()) yield person.record;
  };
  return deriveTally(records(), session.state);
}
