import { connect, isIP, type Socket } from 'node:net';
import { type Connection, type ConnectionOptions, createConnection } from 'mysql2';
import type { DatabaseHost } from './database-address.ts';
import { isAway, NoAnswer, ServerAway } from './mariadb-error.ts';
import { type StatementResult, toParameter, toResult } from './mariadb-value.ts';

interface Statement {
  /** With its values in it. */
  readonly text: string;
  readonly limitMs: number;
  resolve(result: StatementResult): void;
  reject(error: Error): void;
}

/** No answer for this statement is too late: changes of tables take as long as the tables are large. */
const unlimited = /^\s*(?:create|alter|drop)\s/i;
/** Statements that travel together are no longer than this, in characters: far below what any server takes. */
const maxTogether = 300_000;

/**
 * One connection. Statements may be sent without waiting for those before; the server answers them in order. Where
 * the options allow several statements in one message, those of one turn of the event loop travel together, and the
 * first that fails fails them all. One that is not answered in time breaks the connection, as nobody knows what it
 * does there.
 */
export class MariadbConnection {
  readonly host: DatabaseHost;
  readonly #raw: Connection;
  readonly #limitMs: number;
  readonly #isGrouping: boolean;
  readonly #queue: Statement[] = [];
  /** At the server; empty where it has nothing to do for us. */
  #sent: readonly Statement[] = [];
  #timer: NodeJS.Timeout | undefined;
  #broken: Error | null = null;
  /** Called once when the connection breaks or is closed. */
  onBroken: () => void = () => {};

  private constructor(host: DatabaseHost, raw: Connection, limitMs: number, isGrouping: boolean) {
    this.host = host;
    this.#raw = raw;
    this.#limitMs = limitMs;
    this.#isGrouping = isGrouping;
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
      const connection = new MariadbConnection(
        host,
        raw,
        limitMs,
        options.multipleStatements === true,
      );
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
  async query(
    text: string,
    values: readonly unknown[] = [],
    limitMs = unlimited.test(text) ? Number.POSITIVE_INFINITY : this.#limitMs,
  ): Promise<StatementResult> {
    if (this.#broken) throw this.#broken;
    const whole = values.length > 0 ? this.#raw.format(text, values.map(toParameter)) : text;
    return new Promise((resolve, reject) => {
      this.#queue.push({ text: whole, limitMs, resolve, reject });
      // after whatever else this turn of the event loop has to say
      if (this.#queue.length === 1) process.nextTick(() => this.#send());
    });
  }

  #send(): void {
    if (this.#sent.length > 0 || this.#queue.length === 0) return;
    const sent = this.#queue.splice(0, this.#countTogether());
    this.#sent = sent;
    this.#watch(sent);
    this.#raw.query(sent.map(({ text }) => text).join(';'), (error, result) => {
      if (error) {
        // holds the statement with all its values, and errors are logged
        delete (error as { sql?: string }).sql;
        if (error.fatal || isAway(error)) this.#break(error);
      }
      // where the connection broke everybody was told
      if (this.#broken) return;
      clearTimeout(this.#timer);
      this.#sent = [];
      const results = sent.length > 1 ? (result as unknown as unknown[]) : [result];
      for (const [index, statement] of sent.entries()) {
        if (error) statement.reject(error);
        else statement.resolve(toResult(results[index]));
      }
      this.#send();
    });
  }

  /** Of the statements that wait, how many go into the next message. */
  #countTogether(): number {
    let length = 0;
    for (const [index, { text, limitMs }] of this.#queue.entries()) {
      length += text.length;
      const isAlone = !this.#isGrouping || limitMs === Number.POSITIVE_INFINITY;
      if (isAlone || length > maxTogether) return Math.max(index, 1);
    }
    return this.#queue.length;
  }

  #watch(sent: readonly Statement[]): void {
    const limitMs = Math.max(...sent.map((statement) => statement.limitMs));
    if (limitMs === Number.POSITIVE_INFINITY) return;
    const { host, port } = this.host;
    const giveUp = () => {
      if (this.#sent !== sent) return;
      this.#break(new NoAnswer(`${host}:${port} did not answer within ${limitMs} ms`));
    };
    // where this process was held up itself, the answer may lie there unread
    this.#timer = setTimeout(() => setImmediate(giveUp), limitMs);
  }

  #break(error: Error): void {
    if (this.#broken) return;
    this.#broken = error;
    clearTimeout(this.#timer);
    // half a goodbye would wait for an answer that may never come
    (this.#raw as unknown as { stream: { destroy(): void } }).stream.destroy();
    this.#raw.destroy();
    for (const { reject } of [...this.#sent, ...this.#queue.splice(0)]) reject(error);
    this.#sent = [];
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
