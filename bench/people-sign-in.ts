import { verify } from '@node-rs/argon2';
import type { PersonId } from '../src/core/brand.ts';
import { PasswordHashes } from '../src/server/password-hash.ts';
import { assignHash, deleteAssigned } from '../src/store/assigned-password.ts';
import { commit } from '../src/store/ledger.ts';
import type { Store } from '../src/store/store.ts';
import { type Beside, besideCheckIns, seedPassers } from './beside.ts';
import { type Child, startChild, stopChild } from './child.ts';
import { postRequest, sendAll } from './rush-client.ts';
import { numberOf, openBenchStore, seedGroup } from './rush-seed.ts';
import { makeScratch } from './scratch.ts';

const signIns = 300;
const rounds = 3;
/** For how long people check in beside each round, at most. */
const seconds = 30;
const password = 'three green boats drift';

export interface SignInTimes {
  /** From the first of 300 sign-ins that come together until all are answered; the middle of three rounds. */
  readonly signInAllMs: number;
  /** Of check-ins meanwhile, in the same round. */
  readonly checkInP99Ms: number;
  /** The reference: of check-ins before that round began. */
  readonly checkInAloneP99Ms: number;
  /** The reference: 300 passwords compared with their hashes on the same processors, two at a time, and nothing else. */
  readonly signInReferenceMs: number;
}

/** Nine o'clock: 300 people sign in at the same moment, while others check in. */
export async function measureSignIns(database: string | undefined): Promise<SignInTimes> {
  await using scratch = await makeScratch(database);
  const { place } = scratch;
  const hash = await makeHash();
  const passers = await (async () => {
    await using opened = await openBenchStore(place);
    const { group } = await seedGroup(opened.store, signIns, 'SIGN', 'S-');
    await giveAll(opened.store, group, hash);
    return await seedPassers(opened.store, rounds * seconds * 100, 'PASS');
  })();
  const server = await startChild('rush-server.ts', { place });
  const took: Omit<Beside<void>, 'value'>[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const rush = await besideCheckIns(server, passers, seconds, () => signInTogether(server));
      took.push(rush);
      console.log(
        `  300 sign-ins at once: all in ${rush.ms} ms, check-ins meanwhile p99 ${rush.checkInP99Ms} ms, before ${rush.aloneP99Ms} ms`,
      );
    }
  } finally {
    await stopChild(server);
  }
  const middle = took.sort((left, right) => left.ms - right.ms)[(rounds - 1) / 2];
  return {
    signInAllMs: middle?.ms ?? 0,
    checkInP99Ms: middle?.checkInP99Ms ?? 0,
    checkInAloneP99Ms: middle?.aloneP99Ms ?? 0,
    signInReferenceMs: await measureBareHashes(hash),
  };
}

async function signInTogether({ port }: Child): Promise<void> {
  const requests = Array.from({ length: signIns }, (_, index) =>
    postRequest('/api/sign-in', JSON.stringify({ login: `S-${numberOf(index)}`, password })),
  );
  const { statuses } = await sendAll([port], requests, signIns);
  if (statuses.get(200) !== signIns) {
    throw new Error(`not all could sign in: ${JSON.stringify([...statuses])}`);
  }
}

async function makeHash(): Promise<string> {
  await using passwords = new PasswordHashes();
  const hash = await passwords.hash(password);
  if (typeof hash !== 'string') throw new Error('the password could not be hashed');
  return hash;
}

async function measureBareHashes(hash: string): Promise<number> {
  let left = signIns;
  const start = performance.now();
  const thread = async () => {
    for (; left > 0; left -= 1) await verify(hash, password);
  };
  await Promise.all([thread(), thread()]);
  return Math.round(performance.now() - start);
}

/** All people of a group get a password. */
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
