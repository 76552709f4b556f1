import { connect, isIP, type Socket } from 'node:net';
import { type Connection, type ConnectionOptions, createConnection } from 'mysql2';
import type { DatabaseHost } from './database-address.ts';
import { isAway, NoAnswer, ServerAway } from './mariadb-error.ts';

export interface StatementResult {
  readonly rows: Record<string, unknown>[];
  /** Rows that were found by an update or delete, whether or not they changed. */
  readonly affected: number;
}

interface Waiting {
  readonly limitMs: number;
  resolve(result: StatementResult): void;
  reject(error: Error): void;
}

/** No answer for this statement is too late: changes of tables take as long as the tables are large. */
const unlimited = /^\s*(?:create|alter|drop)\s/i;

/**
 * One connection. Statements may be sent without waiting for those before; the server answers them in order. One that
 * is not answered in time breaks the connection, as nobody knows what it does there.
 */
export class MariadbConnection {
  readonly host: DatabaseHost;
  readonly #raw: Connection;
  readonly #limitMs: number;
  readonly #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #broken: Error | null = null;
  /** Called once when the connection breaks or is closed. */
  onBroken: () => void = () => {};

  private constructor(host: DatabaseHost, raw: Connection, limitMs: number) {
    this.host = host;
    this.#raw = raw;
    this.#limitMs = limitMs;
    raw.on('error', (error) => this.#break(error));
    raw.on('end', () => this.#break(new ServerAway(`${host.host} closed the connection`)));
  }

  /** @throws whatever the system or the server says against it */
  static open(
    host: DatabaseHost,
    options: ConnectionOptions,
    limitMs: number,
  ): Promise<MariadbConnection> {
    return new Promise((resolve, reject) => {
      const raw = createConnection({
        ...options,
        host: host.host,
        port: host.port,
        ...(isIP(host.host) ? { stream: () => numericSocket(host) } : {}),
      });
      const connection = new MariadbConnection(host, raw, limitMs);
      raw.connect((error) => {
        if (!error) return resolve(connection);
        connection.destroy();
        reject(error);
      });
    });
  }

  get broken(): Error | null {
    return this.#broken;
  }

  /** @throws ServerAway and errors of the server; never leaves a statement unanswered */
  query(
    text: string,
    values: readonly unknown[] = [],
    limitMs = unlimited.test(text) ? Number.POSITIVE_INFINITY : this.#limitMs,
  ): Promise<StatementResult> {
    if (this.#broken) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { limitMs, resolve, reject };
      this.#waiting.push(waiting);
      if (this.#waiting.length === 1) this.#watch();
      this.#raw.query(text, values.map(toParameter), (error, result) => {
        if (error) {
          // holds the statement with all its values, and errors are logged
          delete (error as { sql?: string }).sql;
          if (error.fatal || isAway(error)) this.#break(error);
        }
        // where the connection broke everybody was told
        if (this.#broken) return;
        this.#waiting.shift();
        this.#watch();
        if (error) reject(error);
        else resolve(toResult(result));
      });
    });
  }

  /** Watches the statement whose turn it is. */
  #watch(): void {
    clearTimeout(this.#timer);
    const first = this.#waiting[0];
    if (!first || first.limitMs === Number.POSITIVE_INFINITY) return;
    const { host, port } = this.host;
    const giveUp = () => {
      if (this.#waiting[0] !== first) return;
      this.#break(new NoAnswer(`${host}:${port} did not answer within ${first.limitMs} ms`));
    };
    // where this process was held up itself, the answer may lie there unread
    this.#timer = setTimeout(() => setImmediate(giveUp), first.limitMs);
  }

  #break(error: Error): void {
    if (this.#broken) return;
    this.#broken = error;
    clearTimeout(this.#timer);
    // half a goodbye would wait for an answer that may never come
    (this.#raw as unknown as { stream: { destroy(): void } }).stream.destroy();
    this.#raw.destroy();
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    this.onBroken();
  }

  /** Closes at once; whatever is under way fails. */
  destroy(): void {
    this.#break(new ServerAway('the connection is closed'));
  }

  /** Says goodbye, then closes. */
  async end(): Promise<void> {
    if (this.#broken) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 1_000);
      this.#raw.end(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.destroy();
  }
}

/**
 * A numeric address leaves no name at the socket, and without one the certificate would be checked for `localhost`.
 */
function numericSocket({ host, port }: DatabaseHost): Socket {
  const socket = connect({ host, port, noDelay: true, keepAlive: true });
  return Object.assign(socket, { _host: host });
}

/** The driver takes an object for a list of columns: nothing but values goes in. */
function toParameter(value: unknown): unknown {
  if (value === null) return null;
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'bigint':
      return value;
    default:
  }
  if (Buffer.isBuffer(value)) return value;
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  throw new TypeError(`a ${typeof value} is no value for a statement`);
}

function toResult(result: unknown): StatementResult {
  if (Array.isArray(result)) return { rows: result, affected: 0 };
  return { rows: [], affected: (result as { affectedRows: number }).affectedRows };
}
