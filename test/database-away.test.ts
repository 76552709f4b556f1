import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { SessionId } from '../src/core/brand.ts';
import type { Readiness } from '../src/core/health.wire.ts';
import type { ServerAddress } from '../src/store/database-address.ts';
import { realClock, startTestServer, type TestServer } from './app.ts';
import { StallingProxy } from './cluster/stalling-proxy.ts';
import { freshDatabase, serverNames, type TestDatabase } from './engines.ts';
import { openSchool, type School } from './school.ts';
import { Visitor } from './visitor.ts';

type Frame = Record<string, unknown> & { kind: string };

/** A board's channel: keeps what it hears. */
class Channel implements Disposable {
  readonly #socket: WebSocket;
  readonly frames: Frame[] = [];
  closed: number | null = null;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.frames.push(JSON.parse(String(data))));
    socket.on('close', (code) => {
      this.closed = code;
    });
  }

  /** Opens as this visitor, or answers the status of the refusal with its headers. */
  static open(visitor: Visitor): Promise<Channel | { status: number; again: string }> {
    const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const socket = new WebSocket(`${visitor.origin.replace('http', 'ws')}/live`, {
      headers: { cookie },
    });
    const channel = new Channel(socket);
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(channel));
      socket.on('unexpected-response', (_, { statusCode, headers }) =>
        resolve({ status: statusCode ?? 0, again: String(headers['retry-after']) }),
      );
      socket.on('error', reject);
    });
  }

  ask(topic: string, since = 0): void {
    this.#socket.send(JSON.stringify({ do: 'subscribe', topic, since }));
  }

  async hears(kind: string, after = 0): Promise<Frame> {
    return until(() => this.frames.slice(after).find((frame) => frame.kind === kind));
  }

  [Symbol.dispose](): void {
    this.#socket.terminate();
  }
}

async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it did not come');
}

describe.each(serverNames)('while the database is away: %s', (engine) => {
  let database: TestDatabase;
  let proxy: StallingProxy;
  let server: TestServer<typeof realClock>;
  let school: School;
  let session: SessionId;
  let backPort: number;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    const address = database.address as ServerAddress;
    backPort = address.hosts[0]?.port ?? 0;
    proxy = await StallingProxy.start(backPort);
    const hosts = [{ host: '127.0.0.1', port: proxy.port }];
    server = await startTestServer({ clock: realClock, address: { ...address, hosts } });
    school = await openSchool(server);
    const group = await school.addGroup('Physics 10B');
    await school.enrol(group, [
      ['17', 'Ida Ivers'],
      ['18', 'Jon Jung'],
    ]);
    session = await school.openSession({ group });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await proxy?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });

  /** Nobody listens at the database's address; disposing brings it back and waits until the server is ready. */
  async function takeAway(): Promise<AsyncDisposable> {
    const { port } = proxy;
    await proxy[Symbol.asyncDispose]();
    let isBack = false;
    return {
      async [Symbol.asyncDispose]() {
        if (isBack) return;
        isBack = true;
        proxy = await StallingProxy.start(backPort, port);
        await until(async () =>
          (await school.admin.get('/readyz')).status === 200 ? true : undefined,
        );
      },
    };
  }

  /** What the log calls a fault. */
  const faults = () =>
    server
      .logged()
      .split('\n')
      .filter((line) => line.includes('request failed'));

  test('whoever asks is told to come back, and nobody that they are not signed in or that nothing is there', async () => {
    const phone = new Visitor(server.origin);
    const scanned = await phone.scan(await school.token(session));
    expect(scanned.status).toBe(200);
    const attempt = Visitor.attempt(scanned.opening.ticket);
    {
      await using _away = await takeAway();
      const replies = await Promise.all([
        school.admin.get('/api/me'),
        school.admin.get(`/api/sessions/${session}`),
        school.admin.post('/api/groups', { name: 'Chemistry' }),
        new Visitor(server.origin).post('/api/sign-in', {
          login: 'ada@example.org',
          password: 'x',
        }),
        phone.submit(scanned.opening, '17', undefined, attempt),
      ]);
      expect(faults()).toEqual([]);
      for (const reply of replies) {
        expect([reply.status, reply.problem.code]).toEqual([503, 'database-away']);
        expect(reply.headers.get('retry-after')).toBe('2');
      }
      expect(await Channel.open(school.admin)).toEqual({ status: 503, again: '2' });
    }
    const receipt = await phone.submit(scanned.opening, '17', undefined, attempt);
    expect([receipt.status, receipt.value.already]).toEqual([200, false]);
    const board = await school.admin.get<{ people: { record: { status: string | null } }[] }>(
      `/api/sessions/${session}`,
    );
    const here = board.value.people.filter(({ record }) => record.status === 'present');
    expect(here).toHaveLength(1);
    const { text } = await server.app.metrics.render();
    const retries = /^muster_commit_retries_total (\d+)$/m.exec(text)?.[1];
    expect(Number(retries)).toBeGreaterThan(0);
    expect(text).toContain('muster_http_requests_total{route="/live",method="GET",status="503"} 1');
  });

  test('a link that is scanned shows a page that tries again by itself', async () => {
    const token = await school.token(session);
    await using _away = await takeAway();
    const page = await new Visitor(server.origin).get<string>(`/${token}`);
    expect(page.status).toBe(503);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('refresh')).toBe('2');
    expect(page.value).toContain('"code":"database-away"');
  });

  test('it is alive but not ready, and says which part is not', async () => {
    const visitor = new Visitor(server.origin);
    expect((await visitor.get<Readiness>('/readyz')).value.ready).toBe(true);
    {
      await using _away = await takeAway();
      expect((await visitor.get('/healthz')).status).toBe(200);
      const reply = await until(async () => {
        const asked = await visitor.get<Readiness>('/readyz');
        return asked.status === 503 ? asked : undefined;
      });
      expect(reply.value.checks).toMatchObject({ serving: 'ok', database: 'does not answer' });
      expect(reply.headers.get('retry-after')).toBe('2');
    }
    expect((await visitor.get<Readiness>('/readyz')).value).toMatchObject({
      ready: true,
      checks: { serving: 'ok', database: 'ok', migrations: 'ok' },
    });
  });

  test('an open channel stays open, and has what it asked for and what it missed when the database is back', async () => {
    const opened = [await Channel.open(school.admin), await Channel.open(school.admin)];
    const [watching, late] = opened as [Channel, Channel];
    using _first = watching;
    using _second = late;
    watching.ask(`session:${session}`);
    watching.ask(`code:${session}`);
    await watching.hears('board');
    await watching.hears('code');
    let heard = 0;
    {
      await using _away = await takeAway();
      late.ask(`session:${session}`);
      late.ask(`code:${session}`);
      late.ask(`session:${session}`);
      await server.app.live.recheck();
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(late.frames).toEqual([]);
      heard = watching.frames.length;
    }
    expect((await late.hears('board')).topic).toBe(`session:${session}`);
    expect((await late.hears('code')).topic).toBe(`code:${session}`);
    await school.phone().checkIn(await school.token(session), '18');
    const shown = await watching.hears('board', heard);
    expect(JSON.stringify(shown.people)).toContain('Jon Jung');
    expect([watching.closed, late.closed]).toEqual([null, null]);
  });

  test('the log says it calmly, without a stack and without what was asked for', async () => {
    const before = server.logged().length;
    const told = () =>
      server
        .logged()
        .slice(before)
        .split('\n')
        .filter((line) => line.includes('the database does not answer'));
    const from = performance.now();
    {
      await using _away = await takeAway();
      // where it was told a moment ago, the next line comes a second later
      await until(async () => {
        await Promise.all(
          Array.from({ length: 60 }, () => school.admin.get(`/api/sessions/${session}`)),
        );
        return told().length > 0 || undefined;
      });
    }
    const seconds = (performance.now() - from) / 1_000;
    const lines = told().map((line) => JSON.parse(line));
    expect(lines.length).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
    for (const line of lines) {
      expect(line).toMatchObject({ level: 40, instance: server.app.instance });
      expect(JSON.stringify(line)).not.toMatch(/stack|select|insert/);
    }
    expect(faults()).toEqual([]);
  });

  test('a channel that asks for more than it may have, while nothing can be answered, is closed', async () => {
    using channel = (await Channel.open(school.admin)) as Channel;
    await using _away = await takeAway();
    for (let index = 0; index < 30; index += 1) channel.ask(`session:${randomUUID()}`);
    expect(await until(() => channel.closed ?? undefined)).toBe(1008);
  });
});
