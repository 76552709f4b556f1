import { join } from 'node:path';
import type { Dialogue } from '../terminal/dialogue.ts';
import { pinServer } from '../terminal/trust.ts';
import { type Away, openVisit, type Visit } from '../terminal/visit.ts';
import { findServer } from './connection.ts';
import type { Environment } from './environment.ts';
import { Refused } from './failure.ts';
import { defaultKeysFolder } from './places.ts';
import { serve } from './serve.ts';
import { readOrigin } from './server-origin.ts';
import type { StartChoice } from './start-flags.ts';
import { systemClock, systemZone } from './system.ts';

/** A server that a terminal speaks with. */
export interface Reached extends AsyncDisposable {
  /** As whoever holds the keys of the server that runs now; null where it is elsewhere. */
  readonly operator: (away: Away) => Promise<Visit | null>;
  /** Begins anew, signed in as nobody. */
  readonly visitor: (away?: Away) => Visit;
  /** Opens the first set-up; null where only the server's own machine may do that. */
  readonly setUpToken: () => Promise<string | null>;
}

/** The server on these data, or one that is started for as long as the terminal is open. */
export async function reachHere(choice: StartChoice): Promise<Reached> {
  await using parts = new AsyncDisposableStack();
  let handle = await findServer(choice.folders);
  if (!handle) {
    const serving = parts.use(await serve(choice, (line) => process.stderr.write(`${line}\n`)));
    handle = { origin: serving.home, operatorToken: serving.server.app.operatorToken.token };
  }
  const first = handle;
  // a server that was started again meanwhile has another token, and may have another port
  const now = async () => {
    const { origin, operatorToken: token } = (await findServer(choice.folders)) ?? first;
    return { origin, pin: null, token };
  };
  const all = parts.move();
  return {
    operator: async (away) => openVisit({ ...(await now()), away }),
    visitor: (away) => openVisit({ origin: first.origin, pin: null, ...(away ? { away } : {}) }),
    async setUpToken() {
      const operator = openVisit(await now());
      const answer = await operator.send<{ token: string | null }>('POST', '/api/setup-link');
      return answer.ok ? answer.value.token : null;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/**
 * A server elsewhere; at the first visit its certificate is compared.
 * @throws Misused for an address that is none; NotTrusted; Refused where nobody answers
 */
export async function reachFar(
  dialogue: Dialogue,
  server: string,
  environment: Environment,
): Promise<Reached> {
  const origin = readOrigin(server);
  const file = join(defaultKeysFolder(environment), '..', 'known-servers.json');
  const today = Temporal.Instant.fromEpochMilliseconds(systemClock.now())
    .toZonedDateTimeISO(systemZone())
    .toPlainDate()
    .toString();
  const pin = await pinServer({ dialogue, origin, file, today }).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof Refused) throw error;
    throw new Refused(
      `${origin} does not answer (${code}). Check the address and the network.`,
      'offline',
    );
  });
  return {
    operator: async () => null,
    visitor: (away) => openVisit({ origin, pin, ...(away ? { away } : {}) }),
    setUpToken: async () => null,
    [Symbol.asyncDispose]: async () => {},
  };
}
