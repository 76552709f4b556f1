import type { Random } from '../core/clock.ts';
import { hashSecret, makeSecret, sameHash } from './secret.ts';

/**
 * Whether a request shows this token; takes equally long for every wrong one.
 * @param authorization the request's header, `Bearer TOKEN`
 */
export function showsBearer(authorization: string | undefined, token: string): boolean {
  const shown = /^Bearer ([\w.~+/-]{1,200}=*)$/.exec(authorization ?? '')?.[1];
  return shown !== undefined && sameHash(hashSecret(shown), hashSecret(token));
}

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
    return showsBearer(authorization, this.token);
  }
}
