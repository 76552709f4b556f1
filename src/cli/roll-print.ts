import type { Board } from '../core/session.wire.ts';
import { followRoll } from '../terminal/roll-feed.ts';
import { newestFirst, personLine } from '../terminal/roll-people.ts';
import type { Connection } from './connection.ts';
import type { RollEnd } from './roll-closing.ts';

const wide = 200;

/** A roll where there is no terminal: one line for each new typed code and for each person whose mark changes. */
export async function printRoll(
  { send, liveUrl, open }: Connection,
  board: Board,
  stopped: Promise<void>,
): Promise<RollEnd> {
  const { promise, resolve } = Promise.withResolvers<RollEnd>();
  const said = new Map<string, string>();
  using feed = followRoll({ send, liveUrl, open, board, onChange: () => setImmediate(print) });
  void stopped.then(() => resolve('left'));

  function say(key: string, line: string): void {
    if (said.get(key) === line) return;
    said.set(key, line);
    process.stdout.write(`${line}\n`);
  }

  function print(): void {
    const { origin, state, zone } = feed.board;
    if (feed.code?.typed) say('code', `open ${origin} and type ${feed.code.typed}`);
    for (const person of newestFirst(feed.people.values()).reverse())
      say(person.id, personLine(person, zone, wide));
    if (state === 'closed' || state === 'cancelled') resolve('ended');
  }

  return await promise;
}
