import { setTimeout as sleep } from 'node:timers/promises';
import type { Opening, Receipt } from '../../src/core/check-in.wire.ts';
import { type Reply, Visitor } from '../visitor.ts';

/** What phones were told and did not count as an answer. */
export class Refusals {
  /** 503 with Retry-After: as agreed. */
  later = 0;
  /** Connections that broke, and answers that did not come in time: how, and how often. */
  readonly broken = new Map<string, number>();
  /** Everything else, which nobody should be told: what, and how often. */
  readonly odd = new Map<string, number>();

  wonder(what: string): void {
    this.odd.set(what, (this.odd.get(what) ?? 0) + 1);
  }

  missed(error: unknown): void {
    const { name, cause } = error as Error & { cause?: { code?: string } };
    const how = cause?.code ?? name;
    // a goodbye of HTTP/2 after so many requests: the phone asks again on another connection
    if (how === 'UND_ERR_INFO') return;
    this.broken.set(how, (this.broken.get(how) ?? 0) + 1);
  }
}

const brokenWaitMs = 300;
/** As the page on a real phone has it. */
const patienceMs = 8_000;

/** A phone that scans, then sends one attempt until it is answered, unchanged. */
export class RushPhone {
  readonly #visitor: Visitor;
  readonly #refusals: Refusals;
  #over = false;

  constructor(origin: string, refusals: Refusals) {
    this.#visitor = new Visitor(origin);
    this.#visitor.patienceMs = patienceMs;
    this.#refusals = refusals;
  }

  /** null: it was told to give up. */
  async scan(token: () => string): Promise<Opening | null> {
    const reply = await this.#persist(() => this.#visitor.scan(token()));
    return reply?.opening ?? null;
  }

  /** @param twice sends each try two times at once, as a phone that lost patience */
  submit(
    opening: Opening,
    number: string,
    attempt: string,
    twice: boolean,
  ): Promise<Reply<Receipt> | null> {
    const send = () => this.#visitor.submit(opening, number, undefined, attempt);
    return this.#persist(async () => {
      if (!twice) return send();
      const replies = await Promise.allSettled([send(), send()]);
      const answers = replies.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      const best = answers.find(({ status }) => status === 200) ?? answers[0];
      if (best) return best;
      throw (replies[0] as PromiseRejectedResult).reason;
    });
  }

  giveUp(): void {
    this.#over = true;
  }

  async #persist<T extends Reply<unknown>>(send: () => Promise<T>): Promise<T | null> {
    while (!this.#over) {
      let waitMs = brokenWaitMs;
      try {
        const reply = await send();
        if (reply.status === 200) return reply;
        const seconds = Number(reply.headers.get('retry-after'));
        if (reply.status === 503 && seconds > 0) this.#refusals.later += 1;
        else this.#refusals.wonder(`${reply.status} ${reply.problem?.code ?? ''}`);
        if (seconds > 0) waitMs = seconds * 1_000;
      } catch (error) {
        this.#refusals.missed(error);
      }
      await sleep(waitMs + Math.random() * brokenWaitMs);
    }
    return null;
  }
}
