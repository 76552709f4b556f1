import { hashSecret, sameHash } from './secret.ts';

/**
 * The link by which an installation without an administrator gets its first. Its token comes from the organisation's
 * key and is stored nowhere: it is the same on every instance and at every start until it is used. Whoever sees the
 * terminal of a machine that was started may use it; once there is an administrator it opens nothing.
 */
export class SetUpLink {
  readonly #token: string;
  #needed: boolean;

  /** @param needed false where an administrator is there already */
  constructor(token: string, needed: boolean) {
    this.#token = token;
    this.#needed = needed;
  }

  /** To be printed by whoever started the server; null once it is spent or where none is needed. */
  get token(): string | null {
    return this.#needed ? this.#token : null;
  }

  check(token: string): boolean {
    return this.#needed && sameHash(hashSecret(token), hashSecret(this.#token));
  }

  spend(): void {
    this.#needed = false;
  }
}
