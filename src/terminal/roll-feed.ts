import { loadMe } from '../client/account.ts';
import { connectLive, type LiveState } from '../client/live.ts';
import type { Send } from '../client/request.ts';
import { loadBoard } from '../client/session.ts';
import type { BoardFrame, CodeFrame } from '../core/live.wire.ts';
import type { Board, BoardPerson } from '../core/session.wire.ts';

/** A session as it stands now, kept up by the live channel. */
export interface RollFeed extends Disposable {
  readonly board: Board;
  readonly people: ReadonlyMap<string, BoardPerson>;
  readonly code: CodeFrame | null;
  readonly line: LiveState;
  /** Why the server does not give this session any more; null while it does. */
  readonly refused: string | null;
  /** The server's clock, epoch ms. */
  serverNow(): number;
}

export interface RollFeedOptions {
  readonly send: Send;
  /** Address of the live channel. */
  readonly liveUrl: string;
  /** Opens a connection that says who we are. */
  readonly open: (url: string) => WebSocket;
  /** The session as it was just loaded. */
  readonly board: Board;
  readonly onChange: () => void;
}

/** Follows a session: its people and its rotating code. */
export function followRoll({
  send,
  liveUrl,
  open,
  board: first,
  onChange,
}: RollFeedOptions): RollFeed {
  let board = first;
  let people = byId(first);
  let seq = first.seq;
  let code: CodeFrame | null = null;
  let refused: string | null = null;

  async function reload(): Promise<void> {
    const answer = await loadBoard(send, first.id);
    if (!answer.ok) return;
    board = answer.value;
    if (board.seq >= seq) {
      people = byId(board);
      seq = board.seq;
    }
    onChange();
  }

  function take(frame: BoardFrame): 'taken' | 'gap' {
    if (frame.from > seq) return 'gap';
    if (frame.seq > seq) {
      for (const id of frame.gone) people.delete(id);
      for (const person of frame.people) people.set(person.id, person);
      seq = frame.seq;
    }
    if (frame.reload || frame.state !== undefined) void reload();
    onChange();
    return 'taken';
  }

  async function isSignedIn(): Promise<boolean> {
    const answer = await loadMe(send);
    return answer.ok || answer.problem.code !== 'sign-in-needed';
  }

  const live = connectLive(liveUrl, { open, onState: onChange, isSignedIn });
  live.subscribe({
    topic: `session:${first.id}`,
    since: () => seq,
    take: (frame) => (frame.kind === 'board' ? take(frame) : 'taken'),
    refused(reason) {
      refused = reason;
      onChange();
    },
  });
  live.subscribe({
    topic: `code:${first.id}`,
    since: () => 0,
    take(frame) {
      if (frame.kind === 'code') code = frame;
      onChange();
      return 'taken';
    },
  });

  return {
    get board() {
      return board;
    },
    get people() {
      return people;
    },
    get code() {
      return code;
    },
    get line() {
      return live.state;
    },
    get refused() {
      return refused;
    },
    serverNow: live.serverNow,
    [Symbol.dispose]: () => live[Symbol.dispose](),
  };
}

const byId = ({ people }: Board): Map<string, BoardPerson> =>
  new Map(people.map((person) => [person.id, person]));
