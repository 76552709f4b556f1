import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import type { Refusal } from '../core/refusal.ts';
import { plainPassword } from './password.ts';
import { PasswordThread, ThreadLost } from './password-thread.ts';
import { cost, type PasswordWork } from './password-work.ts';
import { Turns } from './turns.ts';

const maxRunning = Math.min(2, availableParallelism());
const maxWaiting = 400;

/** Hash of no password: checked for unknown accounts, so that the answer takes as long as for known ones. */
const nobody =
  '$argon2id$v=19$m=19456,t=2,p=1$bXVzdGVyL25vYm9keQAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

/**
 * Makes and checks password hashes, two at once at most and in threads that give way, so that a rush of sign-ins takes
 * neither the processors from who checks in nor all memory; 400 wait, and whoever comes beyond is told to come back.
 */
export class PasswordHashes implements AsyncDisposable {
  readonly #turns = new Turns({ atOnce: maxRunning, waiting: maxWaiting });
  readonly #begin: () => PasswordThread;
  readonly #idleMs: number;
  readonly #idle: PasswordThread[] = [];
  #rest: NodeJS.Timeout | undefined;

  /** @param idleMs threads without work end after this time, in milliseconds */
  constructor({ begin = () => new PasswordThread(), idleMs = 10_000 } = {}) {
    this.#begin = begin;
    this.#idleMs = idleMs;
  }

  async hash(password: string): Promise<string | Refusal> {
    const work = { do: 'hash', password: plainPassword(password) } as const;
    return (await this.#turns.take(() => this.#run(work))) as string | Refusal;
  }

  /** @param stored null for an account that does not exist: false, after the same time */
  async verify(stored: string | null, password: string): Promise<boolean | Refusal> {
    const text = plainPassword(password);
    const work = { do: 'verify', stored: stored ?? nobody, password: text } as const;
    const right = (await this.#turns.take(() => this.#run(work))) as boolean | Refusal;
    return right === true ? stored !== null : right;
  }

  async #run(work: PasswordWork): Promise<string | boolean> {
    clearTimeout(this.#rest);
    let thread: PasswordThread | undefined;
    try {
      thread = this.#idle.pop() ?? this.#begin();
      return await thread.run(work);
    } catch (error) {
      if (!(error instanceof ThreadLost)) throw error;
      return await runHere(work);
    } finally {
      if (thread && !thread.isLost) this.#idle.push(thread);
      this.#rest = setTimeout(() => void this[Symbol.asyncDispose](), this.#idleMs).unref();
    }
  }

  /** Ends the threads that have no work. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#rest);
    await Promise.all(this.#idle.splice(0).map((thread) => thread[Symbol.asyncDispose]()));
  }
}

/** Where there is no thread to be had, on those of the process, so that nobody's sign-in is lost. */
function runHere(work: PasswordWork): Promise<string | boolean> {
  return work.do === 'hash' ? hash(work.password, cost) : verify(work.stored, work.password);
}
