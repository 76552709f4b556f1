import { deriveTally } from '../core/rate.ts';
import type { Board, BoardPerson } from '../core/session.wire.ts';
import type { Status } from '../core/status.ts';
import { describeCounts, signOf } from './roll-people.ts';
import type { Style } from './style.ts';
import { intoWidth } from './width.ts';

/** What the screen on which marks are made is drawn from. */
export interface MarkView {
  readonly board: Board;
  /** Those who are shown, in their order. */
  readonly people: readonly BoardPerson[];
  /** All of them. */
  readonly everybody: Iterable<BoardPerson>;
  /** Marks that the server has not taken yet, by person. */
  readonly unsent: ReadonlyMap<string, Status>;
  /** Which line the cursor is on. */
  readonly at: number;
  /** What the last key did, a question, or what is being typed; empty: the keys are told. */
  readonly notice: string;
}

export interface MarkSize {
  readonly columns: number;
  readonly rows: number;
  readonly style: Style;
}

/** The statuses by their keys. */
export const statusKeys: Readonly<Record<string, Status>> = {
  p: 'present',
  l: 'late',
  a: 'absent',
  e: 'excused',
};

const keys = 'p l a e mark  u undo  / find  r reason  c close  q back';
const fewKeys = 'plae mark u undo / find c close q back';

/** By number, as on a printed register: numbers that count go by their value. */
export const byNumber = (left: BoardPerson, right: BoardPerson): number =>
  left.number.localeCompare(right.number, 'en', { numeric: true }) ||
  left.name.localeCompare(right.name);

/** People whose number or name holds what was typed. */
export function findIn(people: readonly BoardPerson[], text: string): readonly BoardPerson[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return people;
  return people.filter(({ number, name }) => `${number} ${name}`.toLowerCase().includes(wanted));
}

/** The whole screen: at most `rows` lines of less than `columns`. */
export function drawMarks(view: MarkView, { columns, rows, style }: MarkSize): string[] {
  const { board, people, everybody, unsent, at, notice } = view;
  const width = columns - 1;
  const cut = (text: string): string => intoWidth(text, width).trimEnd();
  const records = [...everybody].map(({ record }) => record);
  const title = `${board.title || board.groupName || 'Attendance'}  (${board.state})`;
  const room = Math.max(1, rows - 3);
  const first = Math.max(0, Math.min(at - Math.floor(room / 2), people.length - room));
  const lines = people.slice(first, first + room).map((person, index) => {
    const here = first + index === at;
    const waiting = unsent.get(person.id);
    const sign = signOf(waiting ? { status: waiting, pending: false } : person.record);
    const text = cut(
      `${here ? '>' : ' '} ${sign}${waiting ? '…' : ' '}${person.number} ${person.name}`,
    );
    return here ? style('bold', text) : text;
  });
  return [
    style('bold', cut(title)),
    cut(describeCounts(deriveTally(records, board.state))),
    ...(lines.length > 0
      ? lines
      : [cut(board.people.length > 0 ? '  Nobody matches.' : '  Nobody is here.')]),
    style('dim', cut(notice || (width < keys.length ? fewKeys : keys))),
  ].slice(0, rows);
}
