import type { Answer } from '../client/request.ts';
import { moveSession } from '../client/session.ts';
import type { Board } from '../core/session.wire.ts';
import type { QrLook } from '../terminal/qr.ts';
import { drawRoll } from '../terminal/roll.ts';
import { followRoll, type RollFeed } from '../terminal/roll-feed.ts';
import { openScreen } from '../terminal/screen.ts';
import { styleFor } from '../terminal/style.ts';
import { type Connection, sentenceOf } from './connection.ts';
import type { RollEnd } from './roll-closing.ts';
import { printRoll } from './roll-print.ts';

export interface ShowOptions {
  /** The wish to stop from outside. */
  readonly stopped: Promise<void>;
  /** No colours. */
  readonly plain: boolean;
}

const redrawMs = 250;

/** Shows a roll until it ends or is left: as a screen in a terminal, as lines elsewhere. */
export function showRoll(
  connection: Connection,
  board: Board,
  options: ShowOptions,
): Promise<RollEnd> {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  return isTerminal
    ? showScreen(connection, board, options)
    : printRoll(connection, board, options.stopped);
}

async function showScreen(
  { send, liveUrl, open }: Connection,
  board: Board,
  { stopped, plain }: ShowOptions,
): Promise<RollEnd> {
  const { promise, resolve } = Promise.withResolvers<RollEnd>();
  const style = styleFor(process.stdout);
  const grounds: QrLook['ground'][] =
    plain || !process.stdout.hasColors() ? ['dark', 'light'] : ['colour', 'dark', 'light'];
  let ground = 0;
  let notice = '';

  using feed = followRoll({ send, liveUrl, open, board, onChange: () => setImmediate(draw) });
  using screen = openScreen(process.stdin, process.stdout, { onKey, onResize: () => draw() });
  const timer = setInterval(() => draw(), redrawMs);
  void stopped.then(() => resolve('left'));
  draw();

  function draw(): void {
    if (feed.board.state === 'closed' || feed.board.state === 'cancelled') resolve('ended');
    const { columns, rows } = screen;
    const look = { columns, rows, style, ground: grounds[ground] ?? 'dark' };
    screen.draw(drawRoll({ ...stateOf(feed), notice }, look));
  }

  function onKey(key: string): void {
    notice = '';
    if (key === 'q' || key === 'ctrl+c') resolve('left');
    else if (key === 'i') ground = (ground + 1) % grounds.length;
    else if (key === 'p') void move(feed.board.paused ? 'resume' : 'pause');
    else if (key === 'r') void move('refresh');
    else if (key === 'c') void move('close');
    draw();
  }

  async function move(name: 'pause' | 'resume' | 'refresh' | 'close'): Promise<void> {
    const answer: Answer<unknown> = await moveSession(send, board.id, name);
    if (!answer.ok) notice = sentenceOf(answer.problem);
    else if (name === 'close') resolve('ended');
    else if (name === 'refresh') notice = 'Every code shown so far is void; the new one counts.';
    draw();
  }

  try {
    return await promise;
  } finally {
    clearInterval(timer);
  }
}

const stateOf = (feed: RollFeed) => ({
  board: feed.board,
  people: feed.people,
  code: feed.code,
  line: feed.line,
  now: feed.serverNow(),
});
