import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { realClock, startTestServer, type TestServer } from './app.ts';
import { openSchool, type School } from './school.ts';
import { until } from './until.ts';
import { Visitor } from './visitor.ts';

let server: TestServer<typeof realClock>;
let school: School;
beforeAll(async () => {
  server = await startTestServer({ clock: realClock });
  school = await openSchool(server);
});
afterAll(() => server[Symbol.asyncDispose]());

const noSignIn = `muster=${'a'.repeat(43)}.${'b'.repeat(43)}`;

/** A connection that has asked for the live channel. */
async function askForLive(headers: readonly string[] = []): Promise<Socket> {
  const socket = connect({ port: server.server.port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => {});
  socket.resume();
  await once(socket, 'connect');
  const lines = [
    'GET /live HTTP/1.1',
    `Host: localhost:${server.server.port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  return socket;
}

/** The answer to a request as it stands: fetch would tidy it first. */
async function rawGet(path: string, host = `localhost:${server.server.port}`): Promise<string> {
  const socket = connect(server.server.port, '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  let text = '';
  for await (const piece of socket) text += String(piece);
  return text;
}

describe('a connection that asks for the live channel', () => {
  test('and breaks off does not end the server', async () => {
    for (let round = 0; round < 60; round += 1) {
      const socket = await askForLive(round % 2 ? [`Cookie: ${noSignIn}`] : []);
      if (round % 3) await setTimeout(round % 5);
      socket.resetAndDestroy();
    }
    await setTimeout(100);
    expect((await new Visitor(server.origin).get('/in')).status).toBe(200);
  });

  test('and is refused is not kept open by a client that never closes', async () => {
    const socket = await askForLive();
    await once(socket, 'end');
    // a side that is only half closed would still take what is written
    await until(() => {
      if (!socket.destroyed) socket.write('still here');
      return socket.destroyed;
    });
  });
});

describe('a board that is watched', () => {
  async function watch(options: { autoPong?: boolean } = {}): Promise<WebSocket> {
    const cookie = [...school.admin.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const url = `${server.origin.replace(/^http/, 'ws')}/live`;
    const board = new WebSocket(url, { ...options, headers: { cookie, origin: server.origin } });
    await once(board, 'open');
    return board;
  }

  test('from a machine that has gone is let go, others stay', async () => {
    const gone = await watch({ autoPong: false });
    const here = await watch();
    const before = server.app.live.watchers;
    server.app.live.beat();
    await once(here, 'ping');
    // what is answered after it shows that the answer to the ping has come
    here.send(JSON.stringify({ do: 'subscribe', topic: 'audit:all', since: 0 }));
    await once(here, 'message');
    server.app.live.beat();
    await once(gone, 'close');
    await expect.poll(() => server.app.live.watchers).toBe(before - 1);
    expect(here.readyState).toBe(WebSocket.OPEN);
    here.terminate();
  });

  test('by somebody who asks for all of it again and again and reads nothing is cut off', async () => {
    const group = await school.addGroup('Large');
    const people = Array.from({ length: 2_000 }, (_, index) => [`L${index}`, `Person ${index}`]);
    await school.enrol(group, people as [string, string][]);
    const session = await school.openSession({ group });
    const all = (await school.board(session)).people.map(({ id }) => id);
    await school.admin.post(`/api/sessions/${session}/marks`, { people: all, status: 'present' });
    const topic = `session:${session}`;
    const board = await watch();
    const before = server.app.live.watchers;
    board.pause();
    const ask = setInterval(() => {
      board.send(JSON.stringify({ do: 'unsubscribe', topic }));
      board.send(JSON.stringify({ do: 'subscribe', topic, since: 0 }));
    }, 50);
    await expect.poll(() => server.app.live.watchers).toBe(before - 1);
    clearInterval(ask);
    board.terminate();
  });
});

describe('an address that makes no sense', () => {
  test.each(['/%ff', '/api/sessions/%E0%A4%A', `/api/check-in/${'a'.repeat(300)}`])(
    '%s is a problem with the security headers',
    async (path) => {
      const text = await rawGet(path);
      expect(text).toMatch(/^HTTP\/1\.1 404 /);
      expect(text).toMatch(/^content-type: application\/problem\+json/m);
      expect(text).toMatch(/^x-content-type-options: nosniff/m);
      expect(text).not.toContain('FST_ERR');
    },
  );

  test.each(['][', 'a:99999', 'a:b:c'])(
    'of the host %s leads nowhere and fails nowhere',
    async (host) => {
      expect(await rawGet('/app/', host)).toContain('"code":"secure-only"');
      expect(server.logged()).not.toContain('Invalid URL');
    },
  );

  test('a page for hosts on plain HTTP does not lead to itself where there is no TLS', async () => {
    const text = await rawGet('/app/', 'muster.example');
    expect(text).toMatch(/^HTTP\/1\.1 403 /);
    expect(text).not.toMatch(/^location:/m);
    expect(await rawGet('http://muster.example/app/', 'muster.example')).not.toMatch(/^location:/m);
  });

  test('a field of the query that comes twice is refused', async () => {
    for (const path of ['/api/sessions?group=a&group=b', '/api/sessions?state=open&state=open']) {
      const reply = await school.admin.get(path);
      expect([reply.status, reply.problem.code]).toEqual([422, 'input-invalid']);
    }
  });
});
