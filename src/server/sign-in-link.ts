import type { Instant, PersonId } from '../core/brand.ts';
import type { Clock, Random } from '../core/clock.ts';
import { hashSecret, makeSecret } from './secret.ts';

const lifeMs = 10 * 60_000;
const maxOpen = 100;

/**
 * One-time links that sign an existing person in without a password, for the operator of the machine, who holds the
 * keys anyway: the demo opens the board with one, and a forgotten password is got round with one. Ten minutes, in
 * memory only, hashed.
 */
export class SignInLinks {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #open = new Map<string, { person: PersonId; expiresAt: Instant }>();

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** A new token for this person; of too many open ones the oldest goes. */
  make(person: PersonId): string {
    const oldest = this.#open.keys().next().value;
    if (this.#open.size >= maxOpen && oldest !== undefined) this.#open.delete(oldest);
    const token = makeSecret(this.#random);
    const expiresAt = (this.#clock.now() + lifeMs) as Instant;
    this.#open.set(hashSecret(token), { person, expiresAt });
    return token;
  }

  /** Page that uses a token. */
  url(origin: string, token: string): string {
    return `${origin}/app/sign-in-link#${token}`;
  }

  /** Uses a token up: the person it is for, or null where it is unknown, used or over. */
  take(token: string): PersonId | null {
    const hash = hashSecret(token);
    const found = this.#open.get(hash);
    this.#open.delete(hash);
    return found && found.expiresAt > this.#clock.now() ? found.person : null;
  }
}
