import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { StreamName } from '../core/brand.ts';
import type { Bus, Grown } from './bus.ts';
import { decodeMessage, encodeMessage } from './bus-message.ts';

/** A connection that carries messages to all instances, this one too. */
export interface Line {
  send(message: string): Promise<unknown>;
  /** Ends it at once, whatever is under way. */
  end(): void;
}

/** Connects. `lost` may be called when the connection ends, once or more often. Throws where nobody answers. */
export type Dial = (on: {
  readonly heard: (message: string) => void;
  readonly lost: (error: unknown) => void;
}) => Promise<Line>;

/** Commits within this time travel together. */
const gatherMs = 3;
/** More names than fit into a message. */
const maxNames = 500;
/** So often a line must carry a message back to whoever sent it; one that does not is dead, whatever it says. */
const beatMs = 2_000;
/** For the last message of a bus that ends. */
const farewellMs = 300;
const firstPauseMs = 100;
const longestPauseMs = 2_000;

/** A bus over lines that break: it connects anew for as long as it lives. */
export class LineBus implements Bus {
  readonly kind: 'postgres' | 'redis';
  readonly #instance: string;
  readonly #dial: Dial;
  readonly #log: FastifyBaseLogger;
  #listener: (grown: Grown) => void = () => {};
  #line: Line | null = null;
  #downSince: number | null = performance.now();
  /** Published and not sent; null: too many to name. */
  #waiting: Set<StreamName> | null = new Set();
  #gather: NodeJS.Timeout | null = null;
  #sending = false;
  /** Beats since a message of our own that did not come back yet; null where none is under way. */
  #silent: number | null = null;
  #failures = 0;
  #redial: NodeJS.Timeout | null = null;
  #dialling: Promise<void> | null = null;
  readonly #beat: NodeJS.Timeout;
  #stopped = false;

  constructor(
    kind: LineBus['kind'],
    { instance, dial, log }: { instance: string; dial: Dial; log: FastifyBaseLogger },
  ) {
    this.kind = kind;
    this.#instance = instance;
    this.#dial = dial;
    this.#log = log;
    this.#beat = setInterval(() => this.#heartbeat(), beatMs).unref();
    this.#connect();
  }

  get downSince(): number | null {
    return this.#downSince;
  }

  subscribe(listener: (grown: Grown) => void): void {
    this.#listener = listener;
  }

  publish(streams: readonly StreamName[]): void {
    // while the line is down others look for themselves
    if (this.#stopped || !this.#line) return;
    for (const stream of streams) this.#waiting?.add(stream);
    if ((this.#waiting?.size ?? 0) > maxNames) this.#waiting = null;
    this.#gather ??= setTimeout(() => this.#flush(), gatherMs);
  }

  #flush(): void {
    this.#gather = null;
    const line = this.#line;
    // what comes meanwhile leaves when the message before has been taken
    if (!line || this.#sending || this.#waiting?.size === 0) return;
    const message = encodeMessage(this.#instance, this.#waiting && [...this.#waiting]);
    this.#waiting = new Set();
    void this.#send(line, message);
  }

  async #send(line: Line, message: string): Promise<void> {
    this.#sending = true;
    this.#silent ??= 0;
    try {
      await line.send(message);
    } catch (error) {
      if (this.#line === line) this.#lose(error);
      return;
    } finally {
      if (this.#line === line) this.#sending = false;
    }
    if (this.#line === line) this.#flush();
  }

  #heartbeat(): void {
    const line = this.#line;
    if (!line) return;
    if (this.#silent !== null) this.#silent += 1;
    // one beat alone may be this process's own standstill
    if (this.#silent === 2) this.#lose(new Error('messages do not come back'));
    else if (!this.#sending) void this.#send(line, encodeMessage(this.#instance, []));
  }

  #connect(): void {
    this.#dialling = this.#open().catch((error: unknown) => this.#again(error));
  }

  async #open(): Promise<void> {
    const state: { line: Line | null; error: unknown } = { line: null, error: null };
    const line = await this.#dial({
      heard: (message) => this.#hear(message),
      lost: (error) => {
        state.error = error;
        if (state.line && this.#line === state.line) this.#lose(error);
      },
    });
    if (this.#stopped || state.error) {
      line.end();
      if (state.error) throw state.error;
      return;
    }
    state.line = line;
    this.#line = line;
    void this.#send(line, encodeMessage(this.#instance, []));
    // what was said before nobody here heard
    this.#listener(null);
  }

  #lose(error: unknown): void {
    const line = this.#line;
    this.#line = null;
    this.#sending = false;
    this.#silent = null;
    this.#waiting = new Set();
    line?.end();
    this.#again(error);
  }

  #again(error: unknown): void {
    if (this.#stopped) return;
    if (this.#downSince === null || this.#failures === 0) {
      this.#log.warn({ err: error, bus: this.kind }, 'bus down; looking at the database instead');
    }
    this.#downSince ??= performance.now();
    const wait = Math.min(longestPauseMs, firstPauseMs * 2 ** this.#failures);
    this.#failures += 1;
    this.#redial = setTimeout(() => this.#connect(), wait).unref();
  }

  #hear(text: string): void {
    const message = decodeMessage(text);
    if (!message || this.#stopped) return;
    const { instance, grown } = message;
    if (instance !== this.#instance) {
      if (grown === null || grown.length > 0) this.#listener(grown);
      return;
    }
    this.#silent = null;
    this.#failures = 0;
    if (this.#downSince === null) return;
    this.#downSince = null;
    this.#log.info({ bus: this.kind }, 'bus up');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#beat);
    if (this.#gather) clearTimeout(this.#gather);
    if (this.#redial) clearTimeout(this.#redial);
    await this.#dialling;
    const line = this.#line;
    this.#line = null;
    if (line && this.#waiting?.size !== 0) {
      const last = encodeMessage(this.#instance, this.#waiting && [...this.#waiting]);
      await Promise.race([line.send(last).catch(() => {}), pause(farewellMs)]);
    }
    line?.end();
  }
}
