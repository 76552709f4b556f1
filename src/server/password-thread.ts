import { Worker } from 'node:worker_threads';
import type { PasswordAnswer, PasswordWork } from './password-work.ts';

/** There is no thread, or it ended before its answer. */
export class ThreadLost extends Error {
  override readonly name = 'ThreadLost';
}

/** A thread that makes and checks password hashes. It keeps the process alive only while it works. */
export class PasswordThread implements AsyncDisposable {
  readonly #worker: Worker;
  #lost: ThreadLost | null = null;
  #working: PromiseWithResolvers<PasswordAnswer> | null = null;

  /** @throws ThreadLost where the system gives no thread */
  constructor() {
    try {
      this.#worker = new Worker(new URL('./password-worker.ts', import.meta.url), {
        // a hash needs its memory outside of the heap
        resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 },
      });
    } catch (cause) {
      throw new ThreadLost('no thread for passwords is to be had', { cause });
    }
    this.#worker.unref();
    this.#worker.on('message', (answer: PasswordAnswer) => this.#working?.resolve(answer));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', (code) => this.#end(new Error(`it ended with ${code}`)));
  }

  get isLost(): boolean {
    return this.#lost !== null;
  }

  /**
   * One at a time.
   * @throws ThreadLost; an Error where the stored hash is none
   */
  async run(work: PasswordWork): Promise<string | boolean> {
    if (this.#lost) throw this.#lost;
    this.#working = Promise.withResolvers();
    this.#worker.ref();
    this.#worker.postMessage(work);
    try {
      const answer = await this.#working.promise;
      if ('error' in answer) throw new Error(answer.error);
      return answer.result;
    } finally {
      this.#working = null;
      this.#worker.unref();
    }
  }

  #end(cause: unknown): void {
    this.#lost ??= new ThreadLost('a thread for passwords is gone', { cause });
    this.#working?.reject(this.#lost);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}
