import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { LiveFrame } from '../src/core/live.wire.ts';
import type { Board } from '../src/core/session.wire.ts';
import { askOperator } from './boards-measure.ts';
import type { Child } from './child.ts';
import {
  getRequest,
  openPool,
  postRequest,
  quantile,
  type RawConnection,
  sendAll,
} from './rush-client.ts';

const perSecond = 500;
const seconds = 8;
const importAfterMs = 1_500;
/** While the list is still being brought in. */
const closeAfterMs = 2_000;
const imported = 10_000;
const closing = 300;
/** More than can be under way at a time, so that nobody waits in the client. */
const connections = 256;

/** What came of the check-ins: when each was due, on this process's clock, and how long its answer took from then. */
interface Steady {
  readonly due: Float64Array;
  readonly tookMs: Float64Array;
}

/**
 * A steady stream of check-ins by enrolled people, each sent when it is due and not when the one before was answered;
 * in the midst of it a list of 10,000 people is brought in, and a session with 300 of another group is closed.
 */
export async function measureMixed(server: Child): Promise<Record<string, number>> {
  const count = perSecond * seconds;
  const session = await openSession(server, 'Steady', 'M', count);
  const other = await openSession(server, 'Other', 'O', closing);
  const { id: group } = (await askOperator(server, '/api/groups', { name: 'Imported' })) as Made;
  const requests = await prepare(server, session, count);

  const started = performance.now() + 50;
  const [{ due, tookMs }, roster, close] = await Promise.all([
    sendSteadily(server.port, requests, started),
    timed(started + importAfterMs, () =>
      askOperator(server, `/api/groups/${group}/roster/apply`, { text: rosterText('I', imported) }),
    ),
    timed(started + closeAfterMs, () => askOperator(server, `/api/sessions/${other}/close`, {})),
  ]);

  await checkCounts(server, { session, other, added: (roster.value as { added: number }).added });
  const pick = (from: number, until: number): Float64Array =>
    tookMs.filter(
      (took, index) => (due[index] as number) + took >= from && (due[index] as number) <= until,
    );
  const before = pick(0, roster.from);
  const during = pick(roster.from, roster.until);
  const closed = pick(close.from, close.until);
  const show = (name: string, list: Float64Array) =>
    `${name} p50 ${quantile(list, 0.5).toFixed(1)} ms, p99 ${quantile(list, 0.99).toFixed(1)} ms, max ${Math.max(...list).toFixed(1)} ms`;
  console.log(
    `${perSecond} check-ins/s for ${seconds} s meanwhile importing ${imported} people (${roster.ms.toFixed(0)} ms) and closing a session of ${closing} (${close.ms.toFixed(0)} ms)`,
  );
  console.log(`  ${show('all check-ins:', tookMs)}`);
  console.log(
    `  ${show('before the import:', before)}; ${show('during it:', during)}; ${show('during the closing:', closed)}`,
  );
  return {
    mixedP99Ms: round1(quantile(tookMs, 0.99)),
    importMs: Math.round(roster.ms),
    importCheckInMaxMs: round1(Math.max(...during)),
    closeMs: Math.round(close.ms),
  };
}

interface Made {
  readonly id: string;
}

const numberOf = (prefix: string, index: number): string =>
  `${prefix}${String(index).padStart(6, '0')}`;

const rosterText = (prefix: string, count: number): string =>
  `number,name,email\n${Array.from({ length: count }, (_, index) => {
    const number = numberOf(prefix, index);
    return `${number},Person ${number},${number.toLowerCase()}@example.org`;
  }).join('\n')}\n`;

/** An open session of a new group with so many people, who come by the same way as any list. */
async function openSession(
  server: Child,
  name: string,
  prefix: string,
  count: number,
): Promise<string> {
  const { id: group } = (await askOperator(server, '/api/groups', { name })) as Made;
  await askOperator(server, `/api/groups/${group}/roster/apply`, {
    text: rosterText(prefix, count),
  });
  const settings = { stepMs: 60_000, codeGraceMs: 60_000, rosterRule: 'closed' };
  const { id } = (await askOperator(server, '/api/sessions', { group, settings })) as Made;
  return id;
}

/** Opens the code in so many browsers, one for each person, and makes their check-ins ready. */
async function prepare(server: Child, session: string, count: number): Promise<string[]> {
  const page = getRequest(`/${await readCode(server, session)}`);
  const opened = await sendAll(
    [server.port],
    Array.from({ length: count }, () => page),
    32,
  );
  return opened.responses.map(({ head, body }, index) => {
    const cookie = /set-cookie: ([^;]+)/i.exec(head)?.[1] ?? '';
    const ticket = /"ticket":"([^"]+)"/.exec(body)?.[1] ?? '';
    const number = numberOf('M', index);
    const attempt = `${number}-${session}`;
    const text = JSON.stringify({ attempt, ticket, number });
    return postRequest('/api/check-in', text, `Cookie: ${cookie}\r\n`);
  });
}

/** The code that the session's board shows. */
async function readCode(server: Child, session: string): Promise<string> {
  const board = new WebSocket(`ws://127.0.0.1:${server.port}/live`, {
    headers: { Authorization: `Bearer ${server.token}`, Host: 'localhost' },
  });
  await once(board, 'open');
  board.send(JSON.stringify({ do: 'subscribe', topic: `code:${session}`, since: 0 }));
  const [data] = await once(board, 'message');
  board.close();
  const frame = JSON.parse(String(data)) as LiveFrame;
  if (frame.kind !== 'code' || frame.token === null) throw new Error('the session shows no code');
  return frame.token;
}

/** Sends each request when it is due. Its time counts from then, whatever held it up. */
async function sendSteadily(
  port: number,
  requests: readonly string[],
  started: number,
): Promise<Steady> {
  const pool = await openPool([port], connections);
  const free = [...pool];
  const waiting: number[] = [];
  const due = Float64Array.from(requests, (_, index) => started + (index * 1_000) / perSecond);
  const tookMs = new Float64Array(requests.length);
  let refused: string | undefined;
  const send = async (connection: RawConnection, first: number): Promise<void> => {
    for (let index: number | undefined = first; index !== undefined; index = waiting.shift()) {
      const { status, body } = await connection.request(requests[index] as string);
      tookMs[index] = performance.now() - (due[index] as number);
      if (status !== 200) refused ??= `a check-in was refused: ${status} ${body}`;
    }
    free.push(connection);
  };
  const running: Promise<void>[] = [];
  for (let next = 0; next < requests.length; ) {
    const now = performance.now();
    for (; next < requests.length && (due[next] as number) <= now; next += 1) {
      const connection = free.pop();
      if (connection) running.push(send(connection, next));
      else waiting.push(next);
    }
    await sleep(1);
  }
  await Promise.all(running);
  for (const connection of pool) connection.close();
  if (refused !== undefined) throw new Error(refused);
  return { due, tookMs };
}

interface Timed {
  readonly value: unknown;
  readonly from: number;
  readonly until: number;
  readonly ms: number;
}

/** Does the work at this time of `performance.now`. */
async function timed(at: number, work: () => Promise<unknown>): Promise<Timed> {
  await sleep(at - performance.now());
  const from = performance.now();
  const value = await work();
  const until = performance.now();
  return { value, from, until, ms: until - from };
}

/** Fast is nothing where something is missing. */
async function checkCounts(
  server: Child,
  { session, other, added }: { session: string; other: string; added: number },
): Promise<void> {
  const countOn = async (id: string, status: string): Promise<number> => {
    const { people } = (await askOperator(server, `/api/sessions/${id}`)) as Board;
    return people.filter(({ record }) => record.status === status).length;
  };
  const counts = [added, await countOn(session, 'present'), await countOn(other, 'absent')];
  if (counts.join() !== [imported, perSecond * seconds, closing].join()) {
    throw new Error(`imported, present and absent: ${counts.join()}`);
  }
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}
