import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PersonId, SessionId } from '../src/core/brand.ts';
import type { Board } from '../src/core/session.wire.ts';
import type { Child } from './rush.ts';
import { postRequest, quantile, RawConnection } from './rush-client.ts';

const boards = 1_000;
const events = 5;
/** Boards that join at the same time; the server's queue of new connections is not what is measured. */
const joinsAtOnce = 50;
const aimMs = 100;
const patienceMs = 15_000;

/** What the process of the watchers says: all of them are there, or all of them have this sequence. */
type Report =
  | { readonly ready: true }
  | { readonly seq: number; readonly arrivals: readonly number[] };

/** Milliseconds on the machine's own clock, which all its processes share. */
const machineNow = (): number => Number(process.hrtime.bigint()) / 1e6;

/**
 * One event to 1,000 watching boards: from the sending of the mark to the last board that has it. The watchers live
 * in a process of their own.
 * @returns the median over the events, in milliseconds
 */
export async function measureBoards(server: Child, session: SessionId): Promise<number> {
  const { people, seq } = (await askOperator(server, `/api/sessions/${session}`)) as Board;
  const person = people[0]?.id as PersonId;
  const watchers = fork(import.meta.filename, [
    String(server.port),
    server.token,
    session,
    String(seq),
  ]);
  const hear = async (): Promise<Report> => {
    const signal = AbortSignal.timeout(patienceMs);
    const [report] = (await once(watchers, 'message', { signal })) as [Report];
    return report;
  };
  try {
    await hear();
    const operator = await RawConnection.open(server.port);
    const lasts = new Float64Array(events);
    const each: number[] = [];
    for (let event = 0; event < events; event += 1) {
      await sleep(200);
      const body = { people: [person], status: event % 2 === 0 ? 'excused' : 'present' };
      const sent = machineNow();
      const [report, answer] = await Promise.all([
        hear(),
        operator.request(
          postRequest(`/api/sessions/${session}/marks`, JSON.stringify(body), bearer(server)),
        ),
      ]);
      const marked = (JSON.parse(answer.body) as { seq: number }).seq;
      if (!('seq' in report) || report.seq !== marked)
        throw new Error('another event came between');
      const delays = report.arrivals.map((at) => at - sent);
      each.push(...delays);
      lasts[event] = Math.max(...delays);
    }
    operator.close();
    const p50 = quantile(lasts, 0.5);
    const slowest = Math.max(...lasts);
    console.log(
      `one event to ${boards} watching boards: a board ${quantile(Float64Array.from(each), 0.5).toFixed(1)} ms, the last board p50 ${p50.toFixed(1)} ms, max ${slowest.toFixed(1)} ms over ${events} events; all within ${aimMs} ms: ${slowest <= aimMs ? 'yes' : 'no'}`,
    );
    return p50;
  } finally {
    watchers.kill();
  }
}

const bearer = (server: Child): string => `Authorization: Bearer ${server.token}\r\n`;

/**
 * A question of the command line on the machine itself; with a body it is a POST.
 * @throws where the answer is a refusal
 */
export async function askOperator(server: Child, path: string, body?: unknown): Promise<unknown> {
  const connection = await RawConnection.open(server.port);
  const get = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${bearer(server)}\r\n`;
  const text = body === undefined ? get : postRequest(path, JSON.stringify(body), bearer(server));
  const answer = await connection.request(text);
  connection.close();
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.body}`);
  return JSON.parse(answer.body);
}

/** The process of the watchers: reports each sequence once every one of them has it. */
async function watch(port: number, token: string, session: string, since: number): Promise<void> {
  const arrivals = new Map<number, number[]>();
  const note = (seq: number): void => {
    const list = arrivals.get(seq) ?? [];
    arrivals.set(seq, list);
    list.push(machineNow());
    if (list.length < boards) return;
    arrivals.delete(seq);
    process.send?.({ seq, arrivals: list } satisfies Report);
  };
  for (let joined = 0; joined < boards; joined += joinsAtOnce) {
    await Promise.all(
      Array.from({ length: joinsAtOnce }, () => join(port, token, session, since, note)),
    );
  }
  process.send?.({ ready: true } satisfies Report);
}

/** One board, as little client as can be: resolves with its first frame, and tells the sequence of each later one. */
async function join(
  port: number,
  token: string,
  session: string,
  since: number,
  note: (seq: number) => void,
): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.setNoDelay(true);
  socket.write(
    `GET /live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  );
  const [head] = (await once(socket, 'data')) as [Buffer];
  if (!head.toString().startsWith('HTTP/1.1 101')) throw new Error(head.toString());
  socket.on('close', () => process.exit(1));
  await new Promise<void>((resolve) => {
    let joined = false;
    readTexts(socket, (text) => {
      const seq = Number(/"seq":(\d+)/.exec(text)?.[1]);
      if (joined) return note(seq);
      joined = true;
      resolve();
    });
    socket.write(
      maskedText(JSON.stringify({ do: 'subscribe', topic: `session:${session}`, since })),
    );
  });
}

/** A short text as a client must send it; a mask of zeros leaves it as it is. */
function maskedText(text: string): Buffer {
  const payload = Buffer.from(text);
  const head = Buffer.from([
    0x81,
    0x80 | 126,
    payload.length >> 8,
    payload.length & 255,
    0,
    0,
    0,
    0,
  ]);
  return Buffer.concat([head, payload]);
}

/** Cuts a socket's bytes into whole frames; the server sends each text as one frame without a mask. */
function readTexts(socket: Socket, take: (text: string) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (data: Buffer) => {
    rest = rest.length === 0 ? data : Buffer.concat([rest, data]);
    while (rest.length >= 4) {
      const short = (rest[1] as number) & 127;
      const start = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (rest.length < start) return;
      const length =
        short < 126 ? short : short === 126 ? rest.readUInt16BE(2) : rest.readUInt32BE(6);
      if (rest.length < start + length) return;
      if (((rest[0] as number) & 15) === 1) take(rest.toString('latin1', start, start + length));
      rest = rest.subarray(start + length);
    }
  });
}

if (import.meta.main) {
  const [port, token, session, since] = process.argv.slice(2) as [string, string, string, string];
  process.on('disconnect', () => process.exit(0));
  await watch(Number(port), token, session, Number(since));
}
