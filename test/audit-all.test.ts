// What happened in all streams, in order of time, on every engine.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PersonId, StreamName } from '../src/core/brand.ts';
import { type AuditPlace, listAuditAll } from '../src/store/audit-all.ts';
import { commit } from '../src/store/ledger.ts';
import type { Store } from '../src/store/store.ts';
import { followStretches } from '../src/store/stretch.ts';
import { FakeClock } from './app.ts';
import { engineNames, freshDatabase } from './engines.ts';
import { openAt } from './move-place.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-audit-all-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const nothing = {
  from: undefined,
  until: undefined,
  actor: undefined,
  subject: undefined,
  kind: undefined,
};

/** All pages, one after the other; each line names stream and sequence. */
async function collect(store: Store, search: Partial<Record<keyof typeof nothing, unknown>> = {}) {
  await followStretches(store, () => true);
  const pages: string[][] = [];
  let before: AuditPlace | null = null;
  do {
    const found: Awaited<ReturnType<typeof listAuditAll>> = await listAuditAll(store, {
      ...nothing,
      ...(search as typeof nothing),
      before,
    });
    pages.push(found.rows.map(({ stream, seq }) => `${stream} ${seq}`));
    before = found.before;
  } while (before !== null && pages.length < 200);
  return pages;
}

/** The same, by sorting the whole ledger. */
async function sorted(store: Store, keep: (row: { type: string; at: number }) => boolean) {
  const rows = await store.engine.read
    .selectFrom('event')
    .select(['stream', 'seq', 'type', 'received_at as at'])
    .where('organisation', '=', store.organisation)
    .execute();
  return rows
    .filter(keep)
    .sort(
      (left, right) =>
        right.at - left.at ||
        (left.stream === right.stream ? right.seq - left.seq : left.stream < right.stream ? 1 : -1),
    )
    .map(({ stream, seq }) => `${stream} ${seq}`);
}

const names = ['organisation', 'people', 'group:a', 'session:b', 'session:c', 'session:d'];
const step = fc.record({
  ms: fc.constantFrom(0, 0, 1, 1_000, 60_000, 900_000, 7_200_000, -1_000, -3_600_000),
  stream: fc.constantFrom(...names),
  count: fc.constantFrom(1, 1, 2, 7, 60, 300),
});

describe.each(engineNames)('the audit of all streams on %s', (engine) => {
  test('is whole, in order of time and without repeats, also where the clock went back', async () => {
    let opens = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        await using database = await freshDatabase(engine);
        const clock = new FakeClock();
        opens += 1;
        const keysFor = () => join(folder, `keys-${opens}`);
        await using opened = await openAt(database.address, { keysFor }, clock);
        const { store } = opened;
        for (const [index, { ms, stream, count }] of steps.entries()) {
          clock.advance(ms);
          await commit(store, ({ now, append }) =>
            append(
              Array.from({ length: count }, (_, event) => ({
                stream: stream as StreamName,
                type: event % 10 === 0 ? 'mark' : 'note',
                occurredAt: now,
                actor: 'operator' as PersonId,
                subject: null,
              })),
            ),
          );
          // followed now and then, and later
          if (index % 4 === 0) await followStretches(store, () => true);
        }
        expect((await collect(store)).flat()).toEqual(await sorted(store, () => true));
        const marks = await collect(store, { kind: 'mark' });
        expect(marks.flat()).toEqual(await sorted(store, ({ type }) => type === 'mark'));
        const span = { from: clock.now() - 3_600_000, until: clock.now() };
        expect((await collect(store, span)).flat()).toEqual(
          await sorted(store, ({ at }) => at >= span.from && at < span.until),
        );
      }),
      { numRuns: engine === 'sqlite' ? 25 : 8 },
    );
  });

  test('follows a ledger that was cut, and two who follow at once agree', async () => {
    await using database = await freshDatabase(engine);
    const clock = new FakeClock();
    const keysFor = () => join(folder, 'keys');
    await using opened = await openAt(database.address, { keysFor }, clock);
    const { store } = opened;
    const note = (count: number) =>
      commit(store, ({ now, append }) =>
        append(
          Array.from({ length: count }, () => ({
            stream: 'people' as StreamName,
            type: 'note',
            occurredAt: now,
            actor: 'operator',
            subject: null,
          })),
        ),
      );
    await note(5);
    await Promise.all([collect(store), collect(store), collect(store)]);
    await store.engine.write(async (tx) => {
      await tx.deleteFrom('event').where('stream', '=', 'people').where('seq', '>', 2).execute();
      await tx.updateTable('stream').set({ seq: 2 }).where('stream', '=', 'people').execute();
    });
    expect((await collect(store)).flat()).toEqual(['people 2', 'people 1']);
    await note(1);
    expect((await collect(store)).flat()).toEqual(['people 3', 'people 2', 'people 1']);
    // an event that the head tells of is gone: nobody waits for it
    await note(1);
    await store.engine.write((tx) =>
      tx.deleteFrom('event').where('stream', '=', 'people').where('seq', '=', 4).execute(),
    );
    const looks = Array(20).keys();
    expect(await followStretches(store, () => !looks.next().done)).toBe(true);
    expect((await collect(store)).flat()).toEqual(['people 3', 'people 2', 'people 1']);
  });
});
