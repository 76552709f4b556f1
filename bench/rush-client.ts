import { connect, type Socket } from 'node:net';

export interface RawResponse {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** A keep-alive connection that costs little, so that the client takes as little of the two cores as it can. */
export class RawConnection {
  readonly #socket: Socket;
  #buffer = '';
  #waiting: { resolve(response: RawResponse): void; reject(error: Error): void } | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (data) => {
      this.#buffer += String(data);
      this.#read();
    });
    socket.on('close', () => this.#waiting?.reject(new Error('connection closed')));
    socket.on('error', (error) => this.#waiting?.reject(error));
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new RawConnection(socket);
  }

  /** A server ends what has been idle for a while. */
  get isClosed(): boolean {
    return this.#socket.closed || this.#socket.destroyed;
  }

  request(text: string): Promise<RawResponse> {
    if (this.isClosed) return Promise.reject(new Error('connection closed'));
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(text);
    });
  }

  #read(): void {
    const end = this.#buffer.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#buffer.slice(0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const start = end + 4;
    if (this.#buffer.length < start + length) return;
    const body = this.#buffer.slice(start, start + length);
    this.#buffer = this.#buffer.slice(start + length);
    const { resolve } = this.#waiting ?? {};
    this.#waiting = null;
    resolve?.({ status: Number(head.slice(9, 12)), head, body });
  }

  close(): void {
    this.#socket.destroy();
  }
}

export const getRequest = (path: string, cookie = ''): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${cookie ? `Cookie: ${cookie}\r\n` : ''}\r\n`;

export const postRequest = (path: string, body: string, extra = ''): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${extra}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

export interface Load {
  readonly ms: number;
  readonly latencies: Float64Array;
  readonly statuses: Map<number, number>;
  readonly responses: RawResponse[];
}

/** So many connections, spread evenly over these ports. */
export const openPool = (ports: readonly number[], connections: number): Promise<RawConnection[]> =>
  Promise.all(
    Array.from({ length: connections }, (_, index) =>
      RawConnection.open(ports[index % ports.length] as number),
    ),
  );

/** Sends all requests over so many connections, each as soon as its connection is free. */
export async function sendAll(
  ports: readonly number[],
  requests: readonly string[],
  connections: number,
): Promise<Load> {
  const pool = await openPool(ports, connections);
  const latencies = new Float64Array(requests.length);
  const statuses = new Map<number, number>();
  const responses: RawResponse[] = new Array(requests.length);
  let next = 0;
  const started = performance.now();
  await Promise.all(
    pool.map(async (connection) => {
      while (next < requests.length) {
        const index = next;
        next += 1;
        const sent = performance.now();
        const response = await connection.request(requests[index] as string);
        latencies[index] = performance.now() - sent;
        responses[index] = response;
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      }
    }),
  );
  const ms = performance.now() - started;
  for (const connection of pool) connection.close();
  return { ms, latencies, statuses, responses };
}

/** The value below which this share of the samples lies. */
export function quantile(samples: Float64Array, share: number): number {
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
