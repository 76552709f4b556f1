import type { PersonId } from '../src/core/brand.ts';
import type { App } from '../src/server/app.ts';
import { presentPeople } from '../src/server/people.ts';
import { importPeople } from '../src/server/people-import.ts';
import { makePeopleSearch } from '../src/server/people-search.ts';
import { Settings } from '../src/server/settings.ts';
import { Directory } from '../src/store/directory.ts';
import type { Store } from '../src/store/store.ts';

const actor = 'operator' as PersonId;
/** In several scripts: folding what is not ASCII takes longer. */
const firstNames =
  'Amélie Björn Chiamaka Elif François Hina Iñaki João Łukasz Olena Priya Søren Wei Zoë'.split(' ');
const lastNames =
  'Åkesson Obi Yıldız N’Diaye 佐藤 Gonçalves Wójcik Шевченко सिंह Østergaard 王伟 Smith Farooq'.split(
    ' ',
  );
const departments = ['Physics', 'Chemistry', 'Llengües', 'Геодезия', '工学部'];

export interface SearchTimes {
  readonly importMs: number;
  /** What a small transaction waited for beside the import, as a check-in would. */
  readonly besideImportP99Ms: number;
  readonly indexMs: number;
  readonly searchP99Ms: number;
  readonly indexBytesPerPerson: number;
}

/** Imports so many people, then searches among them as somebody types. */
export async function measureSearch(store: Store, count: number): Promise<SearchTimes> {
  const settings = await Settings.load(store);
  const people = makePeopleSearch(store, settings);
  const app = { store, settings, directory: new Directory(store), people } as unknown as App;
  const waits: number[] = [];
  const importing = time(() => importPeople(app, actor, { text: makeList(count) }));
  const watching = watchWrites(store, importing, waits);
  const importMs = await importing;
  await watching;
  global.gc?.();
  const before = process.memoryUsage().heapUsed;
  const indexMs = await time(async () => {
    while ((await people.ready(60_000)) < 1);
  });
  global.gc?.();
  const indexBytes = process.memoryUsage().heapUsed - before;
  const searches: number[] = [];
  for (let round = 0; round < 25; round += 1) {
    for (const query of makeQueries(round, count)) {
      searches.push(await time(() => presentPeople(app, query)));
    }
  }
  return {
    importMs: Math.round(importMs),
    besideImportP99Ms: round1(percentile(waits, 0.99)),
    indexMs: Math.round(indexMs),
    searchP99Ms: round1(percentile(searches, 0.99)),
    indexBytesPerPerson: Math.round(indexBytes / count),
  };
}

function makeList(count: number): string {
  const lines = ['Number,Name,E-Mail,Department,Job,Phone'];
  for (let index = 0; index < count; index += 1) {
    const first = firstNames[index % firstNames.length];
    const last = lastNames[Math.floor(index / 31) % lastNames.length];
    const department = departments[index % departments.length];
    lines.push(
      `P${index},${first} ${last},p${index}@example.org,${department},Member ${index % 40},+49 30 ${index}`,
    );
  }
  return lines.join('\n');
}

/** What comes while somebody types a name, a number, an address, and turns pages and filters. */
function makeQueries(round: number, count: number): Record<string, string>[] {
  const name = `${firstNames[round % firstNames.length]} ${lastNames[round % lastNames.length]}`;
  const typed = [1, 2, 3, 5, 8].map((length) => ({ query: name.slice(0, length) }));
  const number = `P${(round * 7_919) % count}`;
  return [
    ...typed,
    { query: number },
    { query: `${number.toLowerCase()}@exa` },
    { query: 'member 7 phys', sort: '-number' },
    { query: 'nobody at all' },
    { sort: 'number' },
    { role: 'none', sort: '-added' },
    { group: 'none', query: 'zo' },
  ];
}

/** Writes a little all the time, and notes how long each took. */
async function watchWrites(
  { engine, organisation }: Store,
  until: Promise<unknown>,
  waits: number[],
): Promise<void> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  until.then(end, end);
  const row = { organisation, latch: 'bench', value: 0 };
  while (!isOver) {
    waits.push(
      await time(() =>
        engine.write((tx) => engine.upsertMany(tx, 'latch', ['organisation', 'latch'], [row])),
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export async function time(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const round1 = (value: number): number => Math.round(value * 10) / 10;
