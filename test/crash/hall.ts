import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GroupId, LocalDate, SessionId } from '../../src/core/brand.ts';
import { makeToken, slotAt } from '../../src/core/code.ts';
import { makeId } from '../../src/core/id.ts';
import { buildBundleWhenStale } from '../../src/server/bundle.ts';
import { setEnrolments } from '../../src/store/enrolment.ts';
import { commit } from '../../src/store/ledger.ts';
import { type OpenedStore, openStore } from '../../src/store/open.ts';
import { insertPeople } from '../../src/store/person.ts';
import type { Store } from '../../src/store/store.ts';
import { systemRandom } from '../../src/store/system-random.ts';
import { openRoll } from '../../src/store/throwaway.ts';
import type { ChildOptions } from './server-process.ts';
import { noon, tickingClock } from './ticking-clock.ts';

export const zone = 'Europe/Berlin';
/** Slots of a minute, taken for another: the codes of one test are good for all of it. */
const codes = { stepMs: 60_000, codeGraceMs: 60_000 };

/** An open session and how to write its code. */
export interface Door {
  readonly session: SessionId;
  readonly token: (now: number) => string;
}

/** An installation on disk with day files on: a lecture with a closed roster, and a quick roll for guests. */
export interface Hall extends AsyncDisposable {
  readonly folder: string;
  readonly options: ChildOptions & { readonly dayFolder: string };
  readonly lecture: Door;
  readonly roll: Door;
  /** Looks into the database, beside a running server or after it. */
  open(dataFolder?: string): Promise<OpenedStore>;
}

export const numberOf = (index: number): string => `L${String(index).padStart(4, '0')}`;
export const nameOf = (index: number): string =>
  index % 7 === 0 ? `Læse, "${index}"` : `Person ${index}`;

export async function openHall(enrolled: number): Promise<Hall> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-crash-'));
  const options: Hall['options'] = {
    dataFolder: join(folder, 'data'),
    keyFolder: join(folder, 'keys'),
    dayFolder: join(folder, 'documents', 'days'),
    webFolder: join(folder, 'web'),
    zone,
    synchronous: 'FULL',
    now: noon,
  };
  const root = join(import.meta.dirname, '..', '..');
  const bundle = await buildBundleWhenStale({ root, log: () => {} });
  await cp(bundle.folder, options.webFolder, { recursive: true });
  await mkdir(options.dayFolder, { recursive: true });
  const open = (dataFolder = options.dataFolder) =>
    openStore({
      folder: dataFolder,
      keysFor: () => options.keyFolder,
      clock: tickingClock(noon - 3_600_000),
      random: systemRandom,
      zone,
      dayFiles: true,
    });
  await using opened = await open();
  const { store } = opened;
  return {
    folder,
    options,
    lecture: await openDoor(store, 'AAAA', await enrol(store, enrolled)),
    roll: await openDoor(store, 'BBBB', null),
    open,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A group of so many people. */
function enrol(store: Store, count: number): Promise<GroupId> {
  return commit(store, async (writing) => {
    const group = makeId<GroupId>(writing.now, store.random);
    const identities = Array.from({ length: count }, (_, index) => ({
      number: numberOf(index),
      name: nameOf(index),
      email: null,
    }));
    const people = await insertPeople(store, writing, 'operator', identities);
    const after = { from: '2026-01-01' as LocalDate, until: null };
    const changes = people.map((person) => ({ person, before: null, after }));
    await setEnrolments(store, writing, 'operator', group, changes);
    return group;
  });
}

async function openDoor(store: Store, code: string, group: GroupId | null): Promise<Door> {
  const rule = group === null ? ('none' as const) : ('closed' as const);
  const change = { ...codes, startsAt: noon, code, group, rosterRule: rule };
  const session = await openRoll(store, zone, change);
  const secret = new Uint8Array(store.vault.codeSecret(session, 1));
  return {
    session,
    token: (now) => makeToken(secret, code, slotAt(now as typeof noon, codes.stepMs)),
  };
}
