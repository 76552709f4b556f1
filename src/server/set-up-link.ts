import type { Random } from '../core/clock.ts';
import { hashSecret, makeSecret, sameHash } from './secret.ts';

/**
 * The one-time link by which an installation without an administrator gets its first: made anew at each start, held
 * in memory only, never in the database. Whoever sees the terminal of the machine may use it.
 */
export class SetUpLink {
  #token: string | null;

  /** @param needed false where an administrator is there already: then no token is made */
  constructor(random: Random, needed: boolean) {
    this.#token = needed ? makeSecret(random) : null;
  }

  /** To be printed by whoever started the server; null once it is spent or where none is needed. */
  get token(): string | null {
    return this.#token;
  }

  /** Page that uses the token; it stands after the `#`, which browsers send to nobody. */
  url(origin: string): string | null {
    return this.#token === null ? null : `${origin}/app/setup#${this.#token}`;
  }

  check(token: string): boolean {
    return this.#token !== null && sameHash(hashSecret(token), hashSecret(this.#token));
  }

  spend(): void {
    this.#token = null;
  }
}
