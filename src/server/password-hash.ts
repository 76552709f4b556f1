import { hash, verify } from '@node-rs/argon2';
import { type Refusal, refuse } from '../core/refusal.ts';
import { plainPassword } from './password.ts';

/** Argon2id as OWASP's password storage advice has it: 19 MiB, two passes, one lane; about 26 ms. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const maxRunning = 2;
const maxWaiting = 400;

/** Hash of no password: checked for unknown accounts, so that the answer takes as long as for known ones. */
const nobody =
  '$argon2id$v=19$m=19456,t=2,p=1$bXVzdGVyL25vYm9keQAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

/**
 * Makes and checks password hashes, two at once, so that a rush of sign-ins takes neither all processors nor all
 * memory; 400 wait, and whoever comes beyond is told to come back.
 */
export class PasswordHashes {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  hash(password: string): Promise<string | Refusal> {
    return this.#inTurn(() => hash(plainPassword(password), cost));
  }

  /** @param stored null for an account that does not exist: false, after the same time */
  verify(stored: string | null, password: string): Promise<boolean | Refusal> {
    return this.#inTurn(async () => {
      const right = await verify(stored ?? nobody, plainPassword(password));
      return right && stored !== null;
    });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T | Refusal> {
    if (this.#running >= maxRunning) {
      if (this.#waiting.length >= maxWaiting) return refuse('busy');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      // the place passes on to the next who waits
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}
