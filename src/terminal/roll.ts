import type { LiveState } from '../client/live.ts';
import type { CodeFrame } from '../core/live.wire.ts';
import { deriveTally } from '../core/rate.ts';
import type { Board, BoardPerson } from '../core/session.wire.ts';
import { drawQr, type QrLook } from './qr.ts';
import { describeCounts, newestFirst, personLine } from './roll-people.ts';
import type { Style } from './style.ts';
import { beside, intoWidth, widthOf, wrap } from './width.ts';

/** What the screen of a roll is drawn from. */
export interface RollView {
  readonly board: Board;
  readonly people: ReadonlyMap<string, BoardPerson>;
  readonly code: CodeFrame | null;
  readonly line: LiveState;
  /** The server's clock, epoch ms. */
  readonly now: number;
  /** What the last key did, or a question. */
  readonly notice: string;
}

export interface RollSize {
  readonly columns: number;
  readonly rows: number;
  readonly style: Style;
  readonly ground: QrLook['ground'];
}

const keys = 'p pause   r new code   i invert   c close   q leave it open';
const leastText = 38;

/** The whole screen of a roll: at most `rows` lines of at most `columns`. */
export function drawRoll(view: RollView, size: RollSize): string[] {
  const { columns, rows, style } = size;
  const { board } = view;
  const title = board.title || 'Attendance';
  const state = board.state === 'open' ? (board.paused ? 'paused' : '') : board.state;
  const head = style(
    'bold',
    intoWidth(`${title}${state ? `  (${state})` : ''}`, columns - 1).trimEnd(),
  );
  const foot = style('dim', intoWidth(footText(view), columns - 1).trimEnd());
  const height = rows - 4;
  const picture = drawCode(view, size, height);
  const left = picture[0] === undefined ? 0 : Math.max(...picture.map(widthOf)) + 2;
  const text = [
    ...describeCode(view, style),
    '',
    ...describePeople(view, size, columns - left - 1),
  ];
  return [head, '', ...beside(picture, left, text).slice(0, height), '', foot].slice(0, rows);
}

function drawCode(
  { board, code, now }: RollView,
  { columns, ground }: RollSize,
  height: number,
): string[] {
  const isStale = code !== null && now > code.changesAt + 1_000;
  if (!code?.url || board.paused || board.state !== 'open' || isStale) return [];
  return (
    drawQr(code.url, { ground, columns: columns - leastText - 2, rows: height }) ?? [
      'This window is too small',
      'for the code: enlarge it.',
    ]
  );
}

function describeCode({ board, code, now }: RollView, style: Style): string[] {
  if (board.state !== 'open') return [`This roll is ${board.state}.`];
  if (board.paused) return ['The code is paused: p goes on.'];
  if (!code) return ['Waiting for the code.'];
  const seconds = Math.max(0, Math.ceil((code.changesAt - now) / 1_000));
  const share = Math.max(0, Math.min(1, (code.changesAt - now) / code.stepMs));
  const bar = '▮'.repeat(Math.ceil(share * 10)).padEnd(10, '▯');
  return [
    'Scan with the phone camera, or open',
    `  ${style('bold', board.origin.replace(/^http:\/\//, ''))}`,
    ...(code.typed
      ? [`and type  ${style('bold', `${code.typed.slice(0, 3)} ${code.typed.slice(3)}`)}`]
      : []),
    style('dim', `new code in ${String(seconds).padStart(2)} s ${bar}`),
  ];
}

function describePeople(
  { board, people }: RollView,
  { style, rows }: RollSize,
  width: number,
): string[] {
  const list = newestFirst(people.values());
  const tally = deriveTally(
    list.map(({ record }) => record),
    board.state,
  );
  return [
    ...wrap(describeCounts(tally), width).map((line) => style('bold', line)),
    ...list.slice(0, rows).map((person) => personLine(person, board.zone, width)),
  ];
}

function footText({ line, notice }: RollView): string {
  if (line === 'reconnecting') return 'No connection to the server: trying again.';
  if (line === 'signed-out') return 'The server no longer knows this terminal: q leaves.';
  return notice || keys;
}
