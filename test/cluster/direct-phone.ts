import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Opening, Receipt } from '../../src/core/check-in.wire.ts';
import { type Reply, Visitor } from '../visitor.ts';
import type { Cluster } from './cluster.ts';
import type { Instance } from './instance.ts';
import { makeCode, numberOf } from './lecture.ts';

const patienceMs = 60_000;

/** A phone that talks to one instance past the load balancer, and hears the instance's own words. */
export class DirectPhone {
  readonly #visitor: Visitor;
  readonly #number: string;
  readonly #opening: Opening;
  readonly attempt: string;

  private constructor(visitor: Visitor, number: string, opening: Opening) {
    this.#visitor = visitor;
    this.#number = number;
    this.#opening = opening;
    this.attempt = Visitor.attempt(opening.ticket);
  }

  /** Scans; from the end of the roster, so that the rush never comes to this number. */
  static async scan({ lecture }: Cluster, instance: Instance): Promise<DirectPhone> {
    const visitor = new Visitor(instance.origin);
    visitor.patienceMs = 20_000;
    const page = await visitor.scan(makeCode(lecture));
    expect(page.status).toBe(200);
    lastNumber += 1;
    return new DirectPhone(visitor, numberOf(lecture.enrolled - lastNumber), page.opening);
  }

  #send(): Promise<Reply<Receipt>> {
    return this.#visitor.submit(this.#opening, this.#number, undefined, this.attempt);
  }

  /** Sends while the database is away: the instance itself says when to come again. */
  async expectLater(): Promise<void> {
    expectLater(await this.#send());
  }

  /** Sends until it is taken, as often as the instance itself says to come again. */
  async persist(): Promise<void> {
    const until = performance.now() + patienceMs;
    for (;;) {
      const reply = await this.#send();
      if (reply.status === 200) return;
      expectLater(reply);
      expect(performance.now(), 'it was never taken').toBeLessThan(until);
      await sleep(Number(reply.headers.get('retry-after')) * 1_000);
    }
  }

  /** Sends the same again, when the database is back. */
  async expectTaken(): Promise<void> {
    const reply = await this.#send();
    expect(reply).toMatchObject({
      status: 200,
      value: { status: 'present', already: false, number: this.#number },
    });
  }
}

let lastNumber = 0;

function expectLater(reply: Reply<unknown>): void {
  expect([reply.status, reply.problem]).toEqual([503, expect.objectContaining({ status: 503 })]);
  expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
}
