import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Identity } from '../src/core/identity.ts';
import type { PeoplePage } from '../src/core/people.wire.ts';
import { foldQuery } from '../src/core/search.ts';
import { makePeopleSearch } from '../src/server/people-search.ts';
import { Settings } from '../src/server/settings.ts';
import { indexPerson } from '../src/store/people-index.ts';
import type { Store } from '../src/store/store.ts';
import { besideCheckIns, type Passers, round1, seedPassers } from './beside.ts';
import { askOperator } from './boards-measure.ts';
import { type Child, startChild, stopChild } from './child.ts';
import { makeList, makeQueries, personAt } from './people-list.ts';
import { quantile } from './rush-client.ts';
import { openEntries } from './rush-entries.ts';
import { openBenchStore } from './rush-seed.ts';
import { makeScratch, type Place } from './scratch.ts';

const searchRounds = 25;
/** As an import commits them. */
const rowsAtOnce = 128;
/** For how long people check in beside each part, at most. */
const seconds = { import: 60, start: 20, search: 40 };
const passing = 100 * (seconds.import + seconds.start + seconds.search);

export interface PeopleTimes {
  readonly importMs: number;
  readonly importReferenceMs: number;
  readonly importCheckInP99Ms: number;
  /** Of check-ins before the import began. */
  readonly aloneCheckInP99Ms: number;
  /** Of a start with all people there: until the first answer, and until the first search finds everybody. */
  readonly startMs: number;
  readonly firstSearchMs: number;
  readonly firstSearchCheckInP99Ms: number;
  readonly searchP99Ms: number;
  readonly searchReferenceP99Ms: number;
  readonly searchCheckInP99Ms: number;
  readonly indexBytesPerPerson: number;
}

/**
 * Brings so many people in, starts again, and searches among them as somebody types; all through the server's routes
 * in another process, while people check in.
 */
export async function measurePeople(
  database: string | undefined,
  count: number,
): Promise<PeopleTimes> {
  await using scratch = await makeScratch(database);
  const { place } = scratch;
  const passers = await within(place, (store) => seedPassers(store, passing, 'PASS'));
  const importReferenceMs = await measureBareInserts(place, count);
  const list = makeList(count);
  const imported = await withServer(place, (server) =>
    besideCheckIns(server, passers, seconds.import, () =>
      askOperator(server, '/api/people/import/apply', { text: list }),
    ),
  );
  const { add } = imported.value as { add: number };
  if (add !== count) throw new Error(`${add} people were added, not ${count}`);
  const indexBytesPerPerson = await within(place, (store) => weighIndex(store));
  const found = await withServer(place, (server) => measureSearch(server, passers, count));
  return {
    importMs: imported.ms,
    importReferenceMs,
    importCheckInP99Ms: imported.checkInP99Ms,
    aloneCheckInP99Ms: imported.aloneP99Ms,
    ...found,
    searchReferenceP99Ms: measureScan(count),
    indexBytesPerPerson,
  };
}

async function measureSearch(server: Child, passers: Passers, count: number) {
  const ask = async (query: Record<string, string>): Promise<PeoplePage> =>
    (await askOperator(server, `/api/people?${new URLSearchParams(query)}`)) as PeoplePage;
  const first = await besideCheckIns(server, passers, seconds.start, async () => {
    while ((await ask({ query: 'P1' })).indexed < 1);
  });
  const took: number[] = [];
  const searched = await besideCheckIns(server, passers, seconds.search, async () => {
    for (let round = 0; round < searchRounds; round += 1) {
      for (const query of makeQueries(round, count)) {
        const start = performance.now();
        const { total } = await ask(query);
        took.push(performance.now() - start);
        if (total === 0 && !query.query?.startsWith('nobody')) {
          throw new Error(`nobody was found: ${JSON.stringify(query)}`);
        }
      }
    }
  });
  return {
    startMs: Math.round(server.readyMs),
    firstSearchMs: first.ms,
    firstSearchCheckInP99Ms: first.checkInP99Ms,
    searchP99Ms: round1(quantile(Float64Array.from(took), 0.99)),
    searchCheckInP99Ms: searched.checkInP99Ms,
  };
}

/** The reference of an import: one bare row for each person, in transactions of the same size and durability. */
async function measureBareInserts(place: Place, count: number): Promise<number> {
  const entries = await openEntries(place);
  const start = performance.now();
  for (let from = 0; from < count; from += rowsAtOnce) {
    const some = Math.min(rowsAtOnce, count - from);
    const rows = Array.from({ length: some }, (_, index) => {
      const { email, number } = personAt(from + index);
      return [email, number, from + index];
    });
    await entries.insert(rows);
  }
  const ms = performance.now() - start;
  await entries.close();
  return Math.round(ms);
}

/** The reference of a search: the folded text of everybody is looked through, in any order, and nothing else. */
function measureScan(count: number): number {
  const texts = Array.from({ length: count }, (_, index) => {
    const identity = { ...personAt(index) } as unknown as Identity;
    return indexPerson(`p${index}`, 'active', index, identity).text;
  });
  const took: number[] = [];
  for (let round = 0; round < searchRounds; round += 1) {
    for (const { query } of makeQueries(round, count)) {
      if (query === undefined) continue;
      const words = foldQuery(query);
      const start = performance.now();
      texts.filter((text) => words.every((word) => text.includes(word)));
      took.push(performance.now() - start);
    }
  }
  return round1(quantile(Float64Array.from(took), 0.99));
}

/** What the index of everybody takes of the heap. */
async function weighIndex(store: Store): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const people = makePeopleSearch(store, await Settings.load(store));
  collect();
  const before = heldBytes();
  while ((await people.ready(60_000)) < 1);
  collect();
  const bytes = heldBytes() - before;
  const everybody = await people.find({
    words: [],
    state: 'all',
    among: null,
    except: null,
    sort: 'number',
  });
  return Math.round(bytes / everybody.length);
}

function heldBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function within<T>(place: Place, work: (store: Store) => Promise<T>): Promise<T> {
  await using opened = await openBenchStore(place);
  return await work(opened.store);
}

async function withServer<T>(place: Place, work: (server: Child) => Promise<T>): Promise<T> {
  const server = await startChild('rush-server.ts', { place });
  try {
    return await work(server);
  } finally {
    await stopChild(server);
  }
}
