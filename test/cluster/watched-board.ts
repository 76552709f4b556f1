import { WebSocket as Socket } from 'ws';
import { connectLive, type Live } from '../../src/client/live.ts';
import type { BoardFrame } from '../../src/core/live.wire.ts';
import type { Board, BoardPerson } from '../../src/core/session.wire.ts';
import type { Visitor } from '../visitor.ts';

/** A board that somebody has open all along: loaded once, then kept by its live channel alone. */
export class WatchedBoard implements Disposable {
  readonly #people: Map<string, BoardPerson>;
  readonly #live: Live;
  #seq: number;
  /** Frames before which something was missing. */
  gaps = 0;
  frames = 0;
  /** How often the connection was made. */
  connections = 0;

  private constructor(host: Visitor, board: Board) {
    this.#people = new Map(board.people.map((person) => [person.id, person]));
    this.#seq = board.seq;
    const cookie = [...host.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const origin = host.origin.replace(/^http:/, 'https:');
    const headers = { ...host.headers, cookie, origin };
    this.#live = connectLive(`${host.origin.replace(/^http/, 'ws')}/live`, {
      open: (url) => new Socket(url, { headers }) as unknown as WebSocket,
      isSignedIn: async () => (await host.get('/api/me')).status !== 401,
      onState: (state) => {
        if (state === 'online') this.connections += 1;
      },
    });
    this.#live.subscribe({
      topic: `session:${board.id}`,
      since: () => this.#seq,
      take: (frame) => (frame.kind === 'board' ? this.#take(frame) : 'taken'),
    });
  }

  /** @param host signed in; through the load balancer, or past it with the headers that it would send */
  static async open(host: Visitor, session: string): Promise<WatchedBoard> {
    const reply = await host.get<Board>(`/api/sessions/${session}`);
    if (reply.status !== 200) throw new Error(`the board was answered ${reply.status}`);
    return new WatchedBoard(host, reply.value);
  }

  get state(): Live['state'] {
    return this.#live.state;
  }

  /** The sequence up to which it shows everything. */
  get seq(): number {
    return this.#seq;
  }

  /** Numbers of the people whom it shows as there. */
  get present(): string[] {
    return [...this.#people.values()]
      .filter(({ record }) => record.status === 'present')
      .map(({ number }) => number ?? '')
      .sort();
  }

  #take(frame: BoardFrame): 'taken' | 'gap' {
    this.frames += 1;
    if (frame.from > this.#seq) {
      this.gaps += 1;
      return 'gap';
    }
    if (frame.seq <= this.#seq) return 'taken';
    this.#seq = frame.seq;
    for (const person of frame.people) this.#people.set(person.id, person);
    for (const id of frame.gone) this.#people.delete(id);
    return 'taken';
  }

  [Symbol.dispose](): void {
    this.#live[Symbol.dispose]();
  }
}
