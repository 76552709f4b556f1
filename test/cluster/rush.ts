import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Lecture } from './lecture.ts';

export interface RushOptions {
  /** Of the load balancer. */
  readonly origin: string;
  /** PEM of the authority that signed the load balancer's certificate. */
  readonly authority: string;
  readonly lecture: Lecture;
  /** So many people come in a second. */
  readonly perSecond: number;
  /** So many phones wait for answers at most. */
  readonly atOnce: number;
}

export interface Acknowledged {
  readonly attempt: string;
  readonly number: string;
  /** The first ten hex characters of the event's hash, as the receipt has it. */
  readonly proof: string;
}

export interface RushReport {
  /** Every attempt that was sent at least once. */
  readonly sent: readonly string[];
  readonly acknowledged: readonly Acknowledged[];
  readonly refusals: {
    readonly later: number;
    readonly broken: Readonly<Record<string, number>>;
    readonly odd: Readonly<Record<string, number>>;
  };
  /** The longest time from one acknowledgement to the next. */
  readonly gapMs: number;
}

interface Progress {
  readonly acknowledged: number;
  readonly waiting: number;
  readonly refusals: RushReport['refusals'];
}

/** What the process of the people says. */
export type Message = Progress | { readonly report: RushReport };

/** Phones are given so long to be answered once nobody new comes. */
const graceMs = 45_000;

/** People who come without a pause, from a process of their own. */
export class Rush implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #report: Promise<RushReport>;
  #progress: Progress = {
    acknowledged: 0,
    waiting: 0,
    refusals: { later: 0, broken: {}, odd: {} },
  };

  constructor(options: RushOptions) {
    const script = fileURLToPath(import.meta.resolve('./rush-child.ts'));
    this.#child = fork(script, [JSON.stringify(options)]);
    this.#exited = once(this.#child, 'exit');
    this.#report = new Promise((resolve, reject) => {
      this.#child.on('message', (message: Message) => {
        if ('report' in message) resolve(message.report);
        else this.#progress = message;
      });
      this.#child.on('exit', (code) => reject(new Error(`the rush ended early: ${code}`)));
    });
    // whoever asks for the report hears it
    this.#report.catch(() => {});
  }

  get acknowledged(): number {
    return this.#progress.acknowledged;
  }

  /** Waits until so many more people have been acknowledged. */
  async more(count: number, patienceMs = 60_000): Promise<void> {
    const goal = this.acknowledged + count;
    const until = performance.now() + patienceMs;
    while (this.acknowledged < goal) {
      const isOdd = Object.keys(this.#progress.refusals.odd).length > 0;
      if (isOdd || performance.now() > until) {
        throw new Error(`${goal} were to be acknowledged: ${JSON.stringify(this.#progress)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Nobody new comes; tells what happened once everybody who waits has been answered. */
  async finish(): Promise<RushReport> {
    this.#child.send({ graceMs });
    const report = await this.#report;
    await this.#exited;
    return report;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null)
      this.#child.kill('SIGKILL');
    await this.#exited;
  }
}
