import type { Random } from '../core/clock.ts';
import { hashSecret, makeSecret, sameHash } from './secret.ts';

/**
 * What the command line on the machine itself shows the running server: random at each start, written where only the
 * user who runs the server can read it, and taken from loopback only.
 */
export class OperatorToken {
  readonly token: string;

  constructor(random: Random) {
    this.token = makeSecret(random);
  }

  /** @param authorization the request's header, `Bearer TOKEN` */
  check(authorization: string | undefined): boolean {
    const shown = /^Bearer ([\w-]{1,200})$/.exec(authorization ?? '')?.[1];
    return shown !== undefined && sameHash(hashSecret(shown), hashSecret(this.token));
  }
}
