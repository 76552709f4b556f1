import type { Opening, Receipt } from '../../src/core/check-in.wire.ts';
import { type Reply, Visitor } from '../visitor.ts';
import { type Door, nameOf, numberOf } from './hall.ts';

/** Somebody who comes: which door, which number; a guest says a name too. */
export interface Comer {
  readonly door: Door;
  readonly number: string;
  /** As the register will have it. */
  readonly name: string;
  readonly isGuest: boolean;
}

export const enrolledComer = (door: Door, index: number): Comer => ({
  door,
  number: numberOf(index),
  name: nameOf(index),
  isGuest: false,
});

export const guestComer = (door: Door, index: number): Comer => ({
  door,
  number: `G${index}`,
  name: index % 5 === 0 ? `=Guest, "${index}"` : `Gäst ${index}`,
  isGuest: true,
});

/** One phone's attempt, which it repeats unchanged until it is answered, also by a server that was restarted. */
export class Arrival {
  readonly comer: Comer;
  readonly attempt: string;
  readonly #opening: Opening;
  readonly #cookies: ReadonlyMap<string, string>;
  /** What the phone was answered, or null. */
  receipt: Receipt | null = null;

  private constructor(comer: Comer, phone: Visitor, opening: Opening) {
    this.comer = comer;
    this.#cookies = phone.cookies;
    this.#opening = opening;
    this.attempt = Visitor.attempt(opening.ticket);
  }

  /** Scans the code at the door. */
  static async scan(origin: string, comer: Comer, now: number): Promise<Arrival> {
    const phone = new Visitor(origin);
    const page = await phone.scan(comer.door.token(now));
    if (page.status !== 200) throw new Error(`scanning was answered ${page.status}`);
    return new Arrival(comer, phone, page.opening);
  }

  /** Sends the attempt, for the first time or again. Throws where no answer comes. */
  async send(origin: string): Promise<Reply<Receipt>> {
    const phone = this.#phone(origin);
    const { number, name, isGuest } = this.comer;
    const reply = await phone.submit(
      this.#opening,
      number,
      isGuest ? name : undefined,
      this.attempt,
    );
    if (reply.status === 200) this.receipt = reply.value;
    return reply;
  }

  /** Asks for what stands. */
  look(origin: string): Promise<Reply<Receipt>> {
    return this.#phone(origin).get<Receipt>(`/api/check-in/${this.attempt}`);
  }

  #phone(origin: string): Visitor {
    const phone = new Visitor(origin);
    for (const [name, value] of this.#cookies) phone.cookies.set(name, value);
    return phone;
  }
}
