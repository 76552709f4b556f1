import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** The process of many boards: as little client as can be, so that it is the server that is measured. */
export interface WatchTask {
  /** Where boards connect, by turns. */
  readonly doors: readonly { readonly port: number; readonly token: string }[];
  readonly session: string;
  readonly since: number;
  readonly boards: number;
}

/** All boards have this sequence; `ready` is said with the one they began with. Times of the machine's clock. */
export interface WatchReport {
  readonly seq: number;
  readonly middle: number;
  readonly last: number;
}

/** Boards that join at the same time; the server's queue of new connections is not what is measured. */
const joinsAtOnce = 50;

const machineNow = (): number => Number(process.hrtime.bigint()) / 1e6;

const [task] = (await once(process, 'message')) as [WatchTask];
process.on('disconnect', () => process.exit(0));
const { doors, session, since, boards } = task;

/** When each board got a sequence, by arrival. */
const arrivals = new Map<number, Float64Array>();
const counts = new Map<number, number>();

function note(seq: number): void {
  const count = counts.get(seq) ?? 0;
  const list = arrivals.get(seq) ?? new Float64Array(boards);
  list[count] = machineNow();
  arrivals.set(seq, list);
  counts.set(seq, count + 1);
  if (count + 1 < boards) return;
  process.send?.({
    seq,
    middle: list[boards >> 1] as number,
    last: list[boards - 1] as number,
  } satisfies WatchReport);
}

/** One board: resolves with its first frame, and notes the sequence of each later one. */
async function join(index: number): Promise<void> {
  const { port, token } = doors[index % doors.length] as (typeof doors)[number];
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
    readSequences(socket, (seq) => {
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

const opText = 1;
const opPing = 9;
/** An answer to a beat of the server, masked with zeros. */
const pong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);
/** The sequence stands near the start of a frame. */
const nearStart = 200;

/** Cuts a socket's bytes into whole frames; the server sends each text as one frame without a mask. */
function readSequences(socket: Socket, take: (seq: number) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (data: Buffer) => {
    rest = rest.length === 0 ? data : Buffer.concat([rest, data]);
    while (rest.length >= 2) {
      const short = (rest[1] as number) & 127;
      const start = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (rest.length < start) return;
      const length =
        short < 126 ? short : short === 126 ? rest.readUInt16BE(2) : rest.readUInt32BE(6);
      if (rest.length < start + length) return;
      const op = (rest[0] as number) & 15;
      if (op === opPing) socket.write(pong);
      if (op === opText) {
        const text = rest.toString('latin1', start, start + Math.min(length, nearStart));
        take(Number(/"seq":(\d+)/.exec(text)?.[1]));
      }
      rest = rest.subarray(start + length);
    }
  });
}

for (let joined = 0; joined < boards; joined += joinsAtOnce) {
  const some = Math.min(joinsAtOnce, boards - joined);
  await Promise.all(Array.from({ length: some }, (_, index) => join(joined + index)));
}
process.send?.({ seq: since, middle: 0, last: 0 } satisfies WatchReport);
