import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { LiveFrame } from '../src/core/live.wire.ts';
import type { Child } from './child.ts';
import { getRequest, openPool, postRequest, type RawConnection, sendAll } from './rush-client.ts';

/** More than can be under way at a time, so that nobody waits in the client. */
const connections = 256;

/** What came of the check-ins: when each was due, on this process's clock, and how long its answer took from then. */
export interface Steady {
  readonly due: Float64Array;
  readonly tookMs: Float64Array;
}

/** Opens a session's code in a browser for each of these people, and makes their check-ins ready. */
export async function prepareCheckIns(
  server: Child,
  session: string,
  numbers: readonly string[],
): Promise<string[]> {
  const page = getRequest(`/${await readCode(server, session)}`);
  const opened = await sendAll(
    [server.port],
    numbers.map(() => page),
    32,
  );
  return opened.responses.map(({ head, body }, index) => {
    const cookie = /set-cookie: ([^;]+)/i.exec(head)?.[1] ?? '';
    const ticket = /"ticket":"([^"]+)"/.exec(body)?.[1] ?? '';
    const number = numbers[index] as string;
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

/**
 * Sends each request when it is due. Its time counts from then, whatever held it up.
 * @param until after this nothing more is sent; what was not is left out of the answer
 */
export async function sendSteadily(
  port: number,
  requests: readonly string[],
  {
    started,
    perSecond,
    until = new Promise(() => {}),
  }: { started: number; perSecond: number; until?: Promise<unknown> },
): Promise<Steady> {
  const pool = await openPool([port], connections);
  const free = [...pool];
  const waiting: number[] = [];
  const due = Float64Array.from(requests, (_, index) => started + (index * 1_000) / perSecond);
  const tookMs = new Float64Array(requests.length);
  let refused: string | undefined;
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  until.then(end, end);
  const send = async (connection: RawConnection, first: number): Promise<void> => {
    for (let index: number | undefined = first; index !== undefined; index = waiting.shift()) {
      const { status, body } = await connection.request(requests[index] as string);
      tookMs[index] = performance.now() - (due[index] as number);
      if (status !== 200) refused ??= `a check-in was refused: ${status} ${body}`;
    }
    free.push(connection);
  };
  const running: Promise<void>[] = [];
  let next = 0;
  while (next < requests.length && !isOver) {
    const now = performance.now();
    for (; next < requests.length && (due[next] as number) <= now; next += 1) {
      let connection = free.pop();
      while (connection?.isClosed) connection = free.pop();
      if (connection) running.push(send(connection, next));
      else waiting.push(next);
    }
    await sleep(1);
  }
  await Promise.all(running);
  for (const connection of pool) connection.close();
  if (waiting.length > 0) throw new Error('no connection was left for check-ins');
  if (refused !== undefined) throw new Error(refused);
  return { due: due.subarray(0, next), tookMs: tookMs.subarray(0, next) };
}
