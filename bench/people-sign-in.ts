import { setTimeout as sleep } from 'node:timers/promises';
import type { PersonId } from '../src/core/brand.ts';
import { PasswordHashes } from '../src/server/password-hash.ts';
import { assignHash, deleteAssigned } from '../src/store/assigned-password.ts';
import { commit } from '../src/store/ledger.ts';
import type { Store } from '../src/store/store.ts';
import { startChild, stopChild } from './child.ts';
import { postRequest, quantile, sendAll } from './rush-client.ts';
import { numberOf, openBenchStore, seedGroup } from './rush-seed.ts';
import { makeScratch } from './scratch.ts';
import { prepareCheckIns, sendSteadily } from './steady.ts';

const signIns = 300;
const perSecond = 100;
const seconds = 10;
const signInAfterMs = 1_500;
const password = 'three green boats drift';

export interface SignInTimes {
  /** From the first of 300 sign-ins that come together until all are answered. */
  readonly signInAllMs: number;
  /** Of check-ins that are due meanwhile, 100 a second. */
  readonly checkInP99Ms: number;
}

/** Nine o'clock: 300 people sign in at the same moment, while others check in. */
export async function measureSignIns(database: string | undefined): Promise<SignInTimes> {
  await using scratch = await makeScratch(database);
  const count = perSecond * seconds;
  const session = await seed(scratch, count);
  const server = await startChild('rush-server.ts', { place: scratch.place });
  try {
    const numbers = Array.from({ length: count }, (_, index) => `C-${numberOf(index)}`);
    const requests = await prepareCheckIns(server, session, numbers);
    const started = performance.now() + 50;
    const [{ due, tookMs }, rush] = await Promise.all([
      sendSteadily(server.port, requests, { started, perSecond }),
      signInTogether(server.port),
    ]);
    const meanwhile = tookMs.filter((took, index) => {
      const at = due[index] as number;
      return at + took >= rush.from && at <= rush.until;
    });
    return {
      signInAllMs: Math.round(rush.until - rush.from),
      checkInP99Ms: Math.round(quantile(meanwhile, 0.99) * 10) / 10,
    };
  } finally {
    await stopChild(server);
  }
}

async function signInTogether(port: number): Promise<{ from: number; until: number }> {
  await sleep(signInAfterMs);
  const requests = Array.from({ length: signIns }, (_, index) =>
    postRequest('/api/sign-in', JSON.stringify({ login: `S-${numberOf(index)}`, password })),
  );
  const from = performance.now();
  const { statuses } = await sendAll([port], requests, signIns);
  const until = performance.now();
  if (statuses.get(200) !== signIns) {
    throw new Error(`not all could sign in: ${JSON.stringify([...statuses])}`);
  }
  return { from, until };
}

/** People who check in, and people with a password. */
async function seed(
  { place }: Pick<Awaited<ReturnType<typeof makeScratch>>, 'place'>,
  count: number,
): Promise<string> {
  await using opened = await openBenchStore(place);
  const { store } = opened;
  const { session } = await seedGroup(store, count, 'AAAA', 'C-');
  const { group } = await seedGroup(store, signIns, 'BBBB', 'S-');
  const hash = await new PasswordHashes().hash(password);
  if (typeof hash !== 'string') throw new Error('the password could not be hashed');
  await giveAll(store, group, hash);
  return session;
}

async function giveAll(store: Store, group: string, hash: string): Promise<void> {
  const rows = await store.engine.read
    .selectFrom('enrolment')
    .select('person')
    .where('organisation', '=', store.organisation)
    .where('group', '=', group)
    .execute();
  await commit(store, async (writing) => {
    for (const row of rows) {
      await assignHash(store, writing, row.person as PersonId, hash);
      await deleteAssigned(store, writing, row.person as PersonId);
    }
  });
}
