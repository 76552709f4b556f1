import type { MariadbConnection } from './mariadb-connection.ts';
import { ServerAway } from './mariadb-error.ts';

interface Waiting {
  resolve(connection: MariadbConnection): void;
  reject(error: Error): void;
}

/** A connection that nobody used for so long may be cut off by something on its way without a word. */
const staleMs = 60_000;

/**
 * Connections that are used again. Who finds none waits for its turn, for a while. Where a connection cannot be made
 * and none is left, everybody who waits is told at once.
 */
export class MariadbPool {
  readonly #connect: () => Promise<MariadbConnection>;
  readonly #isCurrent: (connection: MariadbConnection) => boolean;
  readonly #onFailure: (connection: MariadbConnection) => void;
  readonly #size: number;
  readonly #waitMs: number;
  readonly #idle: { connection: MariadbConnection; since: number }[] = [];
  readonly #live = new Set<MariadbConnection>();
  readonly #waiting: Waiting[] = [];
  readonly #turns: (() => void)[] = [];
  #opening = 0;
  #ended = false;

  constructor({
    connect,
    isCurrent = () => true,
    onFailure = () => {},
    size,
    waitMs,
  }: {
    connect: () => Promise<MariadbConnection>;
    /** False for a connection that should not be used again: work goes elsewhere now. */
    isCurrent?: (connection: MariadbConnection) => boolean;
    /** Told of each connection that comes back broken. */
    onFailure?: (connection: MariadbConnection) => void;
    size: number;
    /** For so long a caller waits for a connection. */
    waitMs: number;
  }) {
    this.#connect = connect;
    this.#isCurrent = isCurrent;
    this.#onFailure = onFailure;
    this.#size = size;
    this.#waitMs = waitMs;
  }

  /** A connection that is ours until it is given back. */
  take(): Promise<MariadbConnection> {
    if (this.#ended) return Promise.reject(new ServerAway('the database is closed'));
    const idle = this.#takeIdle();
    if (idle) return Promise.resolve(idle);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(new ServerAway(`no connection became free within ${this.#waitMs} ms`));
      }, this.#waitMs);
      const waiting: Waiting = {
        resolve(connection) {
          clearTimeout(timer);
          resolve(connection);
        },
        reject(error) {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.#waiting.push(waiting);
      this.#serve();
    });
  }

  give(connection: MariadbConnection): void {
    if (connection.broken) {
      this.#onFailure(connection);
      // what failed on one connection to a host would fail on the others
      for (const { connection: idle } of [...this.#idle]) {
        if (idle.host === connection.host) this.#drop(idle);
      }
    }
    const isUsable = !connection.broken && !this.#ended && this.#isCurrent(connection);
    const next = isUsable ? this.#waiting.shift() : undefined;
    if (next) next.resolve(connection);
    else if (isUsable) this.#idle.push({ connection, since: performance.now() });
    else this.#drop(connection);
    this.#serve();
  }

  /** Resolves when a connection is free or can be made. */
  async turn(): Promise<void> {
    while (!this.#hasRoom && !this.#ended) {
      await new Promise<void>((resolve) => this.#turns.push(resolve));
    }
  }

  async end(): Promise<void> {
    this.#ended = true;
    for (const { reject } of this.#waiting.splice(0)) {
      reject(new ServerAway('the database is closed'));
    }
    const idle = this.#idle.splice(0).map(({ connection }) => connection);
    await Promise.all(idle.map((connection) => connection.end()));
    for (const connection of this.#live) connection.destroy();
    this.#live.clear();
    this.#serve();
  }

  get #hasRoom(): boolean {
    return this.#idle.length > 0 || this.#live.size + this.#opening < this.#size;
  }

  #takeIdle(): MariadbConnection | null {
    for (;;) {
      const last = this.#idle.pop();
      if (!last) return null;
      const { connection, since } = last;
      const isFresh = performance.now() - since < staleMs;
      if (isFresh && !connection.broken && this.#isCurrent(connection)) return connection;
      this.#drop(connection);
    }
  }

  #drop(connection: MariadbConnection): void {
    this.#forget(connection);
    void connection.end();
  }

  #forget(connection: MariadbConnection): void {
    this.#live.delete(connection);
    const index = this.#idle.findIndex((idle) => idle.connection === connection);
    if (index >= 0) this.#idle.splice(index, 1);
  }

  /** Makes connections for those who wait, as many as there is room for. */
  #serve(): void {
    if (this.#hasRoom) for (const turn of this.#turns.splice(0)) turn();
    while (
      this.#waiting.length > this.#opening &&
      this.#live.size + this.#opening < this.#size &&
      !this.#ended
    ) {
      void this.#open();
    }
  }

  async #open(): Promise<void> {
    this.#opening += 1;
    let made: MariadbConnection | null = null;
    let failure: Error | null = null;
    try {
      made = await this.#connect();
    } catch (error) {
      failure = error as Error;
    }
    this.#opening -= 1;
    if (made) {
      const connection = made;
      this.#live.add(connection);
      connection.onBroken = () => this.#forget(connection);
      this.give(connection);
    } else if (failure && this.#live.size === 0) {
      for (const { reject } of this.#waiting.splice(0)) reject(failure);
    }
    // else: who waits gets a connection that somebody gives back
  }
}
