// Two instances of one installation: they share a database server and a key folder, and nothing else.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { Instant, StreamName } from '../src/core/brand.ts';
import type { CodeFrame, LiveFrame } from '../src/core/live.wire.ts';
import type { OpenBus } from '../src/server/bus-choice.ts';
import type { Config } from '../src/server/config.ts';
import type { ServerAddress } from '../src/store/database-address.ts';
import { startTestServer, type TestServer } from './app.ts';
import { freshDatabase } from './engines.ts';
import { openSchool, type School } from './school.ts';
import { Visitor } from './visitor.ts';

type Instance = TestServer<{ now(): Instant }>;

export interface Siblings extends AsyncDisposable {
  readonly a: Instance;
  readonly b: Instance;
  readonly address: ServerAddress;
  readonly dayFolder: string;
  /** Set up through instance A. */
  readonly school: School;
  /** The browser of somebody, as it asks instance B. */
  atB(browser: Visitor): Visitor;
}

export interface SiblingOptions {
  readonly bus?: (address: ServerAddress) => OpenBus;
  /** How far the machines' own clocks are off, in milliseconds. */
  readonly skews?: readonly [a: number, b: number];
  /** Whether instance B writes day files, into `dayFolder`. */
  readonly dayFiles?: boolean;
}

/** Two servers over a new database on a server, the first of them set up. */
export async function openSiblings(
  engine: 'postgres' | 'mariadb',
  { bus, skews = [0, 0], dayFiles = false }: SiblingOptions = {},
): Promise<Siblings> {
  await using parts = new AsyncDisposableStack();
  const address = parts.use(await freshDatabase(engine)).address as ServerAddress;
  const folder = await mkdtemp(join(tmpdir(), 'muster-instances-'));
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  const dayFolder = join(folder, 'day files');
  const start = async (skew: number, config: Partial<Config> = {}) =>
    parts.use(
      await startTestServer({
        address,
        folder,
        config,
        followServer: true,
        clock: { now: () => (Date.now() + skew) as Instant },
        ...(bus ? { bus: bus(address) } : {}),
      }),
    );
  const a = await start(skews[0]);
  const b = await start(skews[1], dayFiles ? { dayFolder } : {});
  const school = await openSchool(a);
  const all = parts.move();
  return {
    a,
    b,
    address,
    dayFolder,
    school,
    atB(browser) {
      const visitor = new Visitor(b.origin);
      for (const [name, value] of browser.cookies) visitor.cookies.set(name, value);
      return visitor;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** A live channel of somebody who is signed in, and everything it was sent. */
export class Watching implements Disposable {
  readonly #socket: WebSocket;
  readonly frames: LiveFrame[] = [];
  /** How the channel was closed. */
  closed: number | null = null;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.frames.push(JSON.parse(String(data)) as LiveFrame));
    socket.on('close', (code) => {
      this.closed = code;
    });
  }

  static async open(browser: Visitor, ...topics: string[]): Promise<Watching> {
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const { origin } = browser;
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/live`, {
      headers: { cookie, origin },
    });
    const watching = new Watching(socket);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    for (const topic of topics) {
      socket.send(JSON.stringify({ do: 'subscribe', topic, since: 0 }));
    }
    return watching;
  }

  /** Numbers of those whom the frames show as there. */
  get present(): string[] {
    const shown = new Map<string, string | null>();
    for (const frame of this.frames) {
      if (frame.kind !== 'board') continue;
      for (const { number, record } of frame.people) shown.set(number, record.status);
    }
    return [...shown].filter(([, status]) => status === 'present').map(([number]) => number);
  }

  /** The code that was shown last. */
  get code(): CodeFrame | undefined {
    return this.frames.findLast((frame) => frame.kind === 'code');
  }

  /** The sequence up to which the topic's frames go. */
  seq(stream: StreamName): number {
    const frame = this.frames.findLast((one) => one.kind === 'board' && one.topic === stream);
    return frame?.kind === 'board' ? frame.seq : -1;
  }

  [Symbol.dispose](): void {
    this.#socket.terminate();
  }
}
