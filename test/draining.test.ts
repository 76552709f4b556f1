import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Readiness } from '../src/core/health.wire.ts';
import { realClock, startTestServer, type TestServer } from './app.ts';
import { openSchool } from './school.ts';
import { until } from './until.ts';
import { Visitor } from './visitor.ts';

/** A live channel of this visitor, and the code with which it ends. */
async function openChannel(
  visitor: Visitor,
): Promise<{ ended: Promise<number>; isOpen(): boolean }> {
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const socket = new WebSocket(`${visitor.origin.replace('http', 'ws')}/live`, {
    headers: { cookie },
  });
  const ended = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  return { ended, isOpen: () => socket.readyState === socket.OPEN };
}

/** A server that is told to stop, while the test goes on; it drains until `noticed`. */
async function stopping(noticed: Promise<void>) {
  const server = await startTestServer({ clock: realClock, wait: () => noticed });
  const school = await openSchool(server);
  const session = await school.openSession({ title: 'Roll' });
  return { server, school, session };
}

const phaseOf = async ({ app }: TestServer<unknown>) => (await app.health.look()).checks.serving;

describe('a server that is told to stop', () => {
  test('is not ready, but serves and keeps live channels until the balancer has noticed', async () => {
    const { promise: noticed, resolve: notice } = Promise.withResolvers<void>();
    const { server, school, session } = await stopping(noticed);
    const channel = await openChannel(school.admin);
    const ended = server[Symbol.asyncDispose]();
    expect(await phaseOf(server)).toBe('draining');

    const visitor = new Visitor(server.origin);
    const ready = await visitor.get<Readiness>('/readyz');
    expect([ready.status, ready.value.checks.serving]).toEqual([503, 'draining']);
    expect((await visitor.get('/healthz')).status).toBe(200);
    const reply = await school.phone().checkIn(await school.token(session), '1', 'Anna');
    expect([reply.status, reply.headers.get('connection')]).toEqual([200, 'close']);
    expect((await openChannel(school.admin)).isOpen()).toBe(true);
    expect(channel.isOpen()).toBe(true);

    notice();
    expect(await channel.ended).toBe(1012);
    await ended;
    await expect(fetch(`${server.origin}/healthz`)).rejects.toThrow();
  });

  test('answers what is under way, and ends the connection with that answer', async () => {
    const { server, school, session } = await stopping(Promise.resolve());
    const phone = school.phone();
    const scanned = await phone.scan(await school.token(session));
    // a request whose body is half sent when the server is told to stop
    const body = JSON.stringify({
      attempt: Visitor.attempt(scanned.opening.ticket),
      ticket: scanned.opening.ticket,
      number: '2',
      name: 'Bo',
    });
    const cookie = [...phone.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const socket = connect(server.server.port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (text) => {
      answer += text;
    });
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.write(
      `POST /api/check-in HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, 20)}`,
    );
    await until(() => answer.startsWith('HTTP/1.1 100 '));
    const ended = server[Symbol.asyncDispose]();
    await until(async () => (await phaseOf(server)) === 'stopping');
    socket.write(body.slice(20));
    await closed;
    await ended;
    expect(answer).toMatch(/^HTTP\/1\.1 200 /m);
    expect(answer).toMatch(/^connection: close/im);
  });
});
