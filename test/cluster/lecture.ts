import { join } from 'node:path';
import type { GroupId, Instant, LocalDate, SessionId } from '../../src/core/brand.ts';
import { makeToken, slotAt } from '../../src/core/code.ts';
import { makeId } from '../../src/core/id.ts';
import { readDatabaseAddress } from '../../src/store/database-address.ts';
import { setEnrolments } from '../../src/store/enrolment.ts';
import { sealGroupName } from '../../src/store/group-name.ts';
import { commit } from '../../src/store/ledger.ts';
import { type OpenedStore, openStore } from '../../src/store/open.ts';
import { insertPeople } from '../../src/store/person.ts';
import type { Store } from '../../src/store/store.ts';
import { systemRandom } from '../../src/store/system-random.ts';
import { openRoll } from '../../src/store/throwaway.ts';

const zone = 'Europe/Berlin';
const code = 'AAAA';
const stepMs = 60_000;
const atOnce = 500;
const realClock = { now: () => Date.now() as Instant };

/** An open session with a closed roster, and what its codes are made of. */
export interface Lecture {
  readonly session: SessionId;
  readonly code: string;
  /** Base64. */
  readonly secret: string;
  readonly stepMs: number;
  readonly enrolled: number;
}

/** Opens the store of a cluster from outside its instances; keys are made where there are none. */
export const openClusterStore = (folder: string, address: string): Promise<OpenedStore> =>
  openStore({
    address: readDatabaseAddress(address),
    folder: join(folder, 'data'),
    keysFor: () => join(folder, 'keys'),
    clock: realClock,
    random: systemRandom,
    zone,
  });

export const numberOf = (index: number): string => `R${String(index).padStart(5, '0')}`;

/** A group of so many people, and a lecture for them whose codes hold for a minute. */
export async function seedLecture(store: Store, enrolled: number): Promise<Lecture> {
  const { organisation, engine, random, vault } = store;
  const group = makeId<GroupId>(store.clock.now(), random);
  await engine.write((tx) =>
    engine.insertMany(tx, 'group', [
      {
        organisation,
        group,
        sealed: sealGroupName(store, group, 'Hall 1'),
        settings: '{}',
        archived: 0,
        created_at: store.clock.now(),
      },
    ]),
  );
  for (let from = 0; from < enrolled; from += atOnce)
    await enrol(store, group, from, Math.min(atOnce, enrolled - from));
  const codes = { stepMs, codeGraceMs: stepMs, code };
  const session = await openRoll(store, zone, { ...codes, group, rosterRule: 'closed' });
  const secret = Buffer.from(vault.codeSecret(session, 1)).toString('base64');
  return { session, code, secret, stepMs, enrolled };
}

/** What the board's QR code holds now. */
export function makeCode({ secret, code: name, stepMs: step }: Lecture): string {
  const key = new Uint8Array(Buffer.from(secret, 'base64'));
  return makeToken(key, name, slotAt(realClock.now(), step));
}

async function enrol(store: Store, group: GroupId, from: number, count: number): Promise<void> {
  const identities = Array.from({ length: count }, (_, index) => ({
    number: numberOf(from + index),
    name: `Person ${from + index}`,
    email: null,
  }));
  await commit(store, async (writing) => {
    const people = await insertPeople(store, writing, 'operator', identities);
    const after = { from: '2020-01-01' as LocalDate, until: null };
    const changes = people.map((person) => ({ person, before: null, after }));
    await setEnrolments(store, writing, 'operator', group, changes);
  });
}
