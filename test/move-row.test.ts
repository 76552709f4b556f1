import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Engine } from '../src/store/engine.ts';
import { copyTable, sumTable } from '../src/store/move-copy.ts';
import { walkTable } from '../src/store/move-walk.ts';
import type { EventTable, OrganisationTable } from '../src/store/schema.ts';
import { engineNames, freshDatabase } from './engines.ts';
import { openAt } from './move-place.ts';

/** An empty database of the newest schema. */
async function openEmpty(name: Engine['name']) {
  await using parts = new AsyncDisposableStack();
  const database = parts.use(await freshDatabase(name));
  const keys = parts.use(await freshDatabase('sqlite')).address as { folder: string };
  const { address } = database;
  const place =
    address.engine === 'sqlite' ? { ...address, folder: `${address.folder}/data` } : address;
  const { store } = parts.use(await openAt(place, { keysFor: () => `${keys.folder}/keys` }));
  await empty(store.engine);
  const all = parts.move();
  return { engine: store.engine, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function empty(engine: Engine): Promise<void> {
  await engine.write(async (tx) => {
    for (const table of ['organisation', 'event'] as const) await tx.deleteFrom(table).execute();
  });
}

/** Any text but the one sign that PostgreSQL does not keep and Muster never writes. */
const text = (maxLength: number) =>
  fc.string({ unit: 'binary', maxLength }).map((any) => any.replaceAll('\0', ''));
const bytes = fc.uint8Array({ maxLength: 300 });
const instant = fc.integer({ min: 0, max: 8_640_000_000_000_000 });

const organisations = fc.uniqueArray(
  fc.record<OrganisationTable>({
    organisation: text(20),
    name: text(400),
    zone: text(30),
    language: text(10),
    words: text(10),
    day_files: fc.nat(1),
    created_at: instant,
    wrapped_key: bytes,
  }),
  { selector: ({ organisation }) => organisation, minLength: 1, maxLength: 12 },
);
const events = fc.uniqueArray(
  fc.record<EventTable>({
    organisation: text(8),
    stream: text(30),
    seq: fc.nat(2 ** 40),
    id: text(36),
    type: text(20),
    occurred_at: instant,
    received_at: instant,
    actor: text(36),
    subject: fc.option(text(36)),
    facts: text(600),
    payload: fc.option(bytes),
    digest: text(64),
    hash: text(64),
  }),
  {
    selector: ({ organisation, stream, seq }) => JSON.stringify([organisation, stream, seq]),
    minLength: 1,
    maxLength: 30,
  },
);

/** By the bytes of their text, as every engine sorts a key. */
const byBytes = (one: string, other: string) =>
  Buffer.compare(Buffer.from(one), Buffer.from(other));

describe.each(engineNames)('what is moved to %s', (name) => {
  test('is the same afterwards, whatever stands in it', async () => {
    await using source = await openEmpty('sqlite');
    await using target = await openEmpty(name);
    await using back = await openEmpty('sqlite');
    const property = fc.asyncProperty(
      organisations,
      events,
      async (someOrganisations, someEvents) => {
        for (const { engine } of [source, target, back]) await empty(engine);
        const { engine } = source;
        await engine.write(async (tx) => {
          await engine.insertMany(tx, 'organisation', someOrganisations);
          await engine.insertMany(tx, 'event', someEvents);
        });
        for (const table of ['organisation', 'event'] as const) {
          const sum = await copyTable(engine, target.engine, table, 0);
          expect(sum.rows).toBe(table === 'event' ? someEvents.length : someOrganisations.length);
          expect(await copyTable(target.engine, back.engine, table, 0)).toEqual(sum);
          expect(await sumTable(back.engine, table)).toEqual(sum);
        }
        const read = await target.engine.read.selectFrom('event').selectAll().execute();
        const plain = (row: EventTable) =>
          JSON.stringify(
            { ...row, payload: row.payload && Buffer.from(row.payload).toString('hex') },
            Object.keys(row).sort(),
          );
        expect(read.map(plain).sort()).toEqual(someEvents.map(plain).sort());
      },
    );
    await fc.assert(property, { numRuns: 25 });
  });

  test('is walked in order of its key, over many pages', async () => {
    await using target = await openEmpty(name);
    const { engine } = target;
    const streams = ['a', 'B', 'ä', '𠮷', 'session:1', 'session:10', 'session:1 '];
    const rows = Array.from({ length: 1_999 }, (_, index) => {
      // most of them in one stream, which is longer than a page
      const stream = (index % 3 === 0 ? streams[index % streams.length] : 'people') as string;
      return { ...event, organisation: index % 5 === 0 ? 'A' : 'Z', stream, seq: index };
    });
    const shuffled = rows.map((row, index) => rows[(index * 7) % rows.length] ?? row);
    await engine.write((tx) => engine.insertMany(tx, 'event', shuffled));
    const walked: string[] = [];
    for await (const page of walkTable(engine.read, 'event')) {
      expect(page.length).toBeLessThanOrEqual(500);
      walked.push(
        ...page.map(({ organisation, stream, seq }) => `${organisation} ${stream} ${seq}`),
      );
    }
    const wanted = rows
      .toSorted(
        (one, other) =>
          byBytes(one.organisation, other.organisation) ||
          byBytes(one.stream, other.stream) ||
          one.seq - other.seq,
      )
      .map(({ organisation, stream, seq }) => `${organisation} ${stream} ${seq}`);
    expect(walked).toEqual(wanted);
  });

  test('is left where it is there already, and what is missing comes after it', async () => {
    await using source = await openEmpty('sqlite');
    await using target = await openEmpty(name);
    const rows = Array.from({ length: 1_234 }, (_, index) => ({ ...event, seq: index }));
    const insert = ({ engine }: typeof source, some: EventTable[]) =>
      engine.write((tx) => engine.insertMany(tx, 'event', some));
    await insert(source, rows);
    await insert(target, rows.slice(0, 777));
    const sum = await copyTable(source.engine, target.engine, 'event', 777);
    expect(await sumTable(target.engine, 'event')).toEqual(sum);
    expect(sum.rows).toBe(1_234);
  });
});

const event: EventTable = {
  organisation: 'ORG',
  stream: 'people',
  seq: 0,
  id: 'id',
  type: 'test',
  occurred_at: 1,
  received_at: 1,
  actor: 'operator',
  subject: null,
  facts: '{}',
  payload: null,
  digest: 'd',
  hash: 'h',
};
