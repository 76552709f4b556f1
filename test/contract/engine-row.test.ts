// Many rows at once, and what comes back of a value.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/store/engine.ts';
import type {
  AttemptTable,
  EnrolmentTable,
  PersonTable,
  RecordTable,
} from '../../src/store/schema.ts';
import { engineNames } from '../engines.ts';
import { type OpenedEngine, openFresh } from './open-engine.ts';

const organisation = 'TESTTEST';
const enrolment = (group: string, person: string, until: string | null = null): EnrolmentTable => ({
  organisation,
  group,
  person,
  from_date: '2026-01-01',
  until_date: until,
});
const person = (id: string, change: Partial<PersonTable> = {}): PersonTable => ({
  organisation,
  person: id,
  number_index: null,
  email_index: null,
  guest_of: null,
  state: 'active',
  merged_into: null,
  sealed: null,
  added_at: 0,
  ...change,
});
const many = (group: string, count: number) =>
  Array.from({ length: count }, (_, index) => enrolment(group, `person ${index}`));

describe.each(engineNames)('rows on %s', (name) => {
  let opened: OpenedEngine;
  let engine: Engine;
  beforeAll(async () => {
    opened = await openFresh(name);
    engine = opened.engine;
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  const key = ['organisation', 'group', 'person'] as const;
  const listed = (group: string) =>
    engine.read
      .selectFrom('enrolment')
      .selectAll()
      .where('group', '=', group)
      .orderBy('person')
      .execute();
  const byPerson = (left: EnrolmentTable, right: EnrolmentTable) =>
    left.person < right.person ? -1 : 1;

  test.each([0, 1, 2, 1_500])('%i are inserted at once', async (count) => {
    const group = `inserted ${count}`;
    const rows = many(group, count);
    await engine.write((tx) => engine.insertMany(tx, 'enrolment', rows));
    expect(await listed(group)).toEqual([...rows].sort(byPerson));
  });

  test.each([0, 1, 2, 1_500])('%i are inserted or replaced at once', async (count) => {
    const group = `replaced ${count}`;
    const rows = many(group, count);
    await engine.write((tx) => engine.insertMany(tx, 'enrolment', rows.slice(0, count / 2)));
    const ended = rows.map((row) => ({ ...row, until_date: '2026-07-01' }));
    await engine.write((tx) => engine.upsertMany(tx, 'enrolment', key, ended));
    expect(await listed(group)).toEqual([...ended].sort(byPerson));
  });

  test.each([0, 1, 2, 1_500])('%i are inserted where they are missing', async (count) => {
    const group = `missing ${count}`;
    const rows = many(group, count);
    const standing = rows.slice(0, count / 2).map((row) => ({ ...row, until_date: '2026-07-01' }));
    await engine.write((tx) => engine.insertMany(tx, 'enrolment', standing));
    // the same row twice in one call is one row
    const wanted = [...rows, ...rows.slice(-1)];
    await engine.write((tx) => engine.insertMissing(tx, 'enrolment', wanted));
    const stands = [...standing, ...rows.slice(standing.length)];
    expect(await listed(group)).toEqual(stands.sort(byPerson));
  });

  test('of a table that is all key are replaced by themselves', async () => {
    const row = { organisation, group: 'only a key', person: 'somebody' };
    const rowKey = ['organisation', 'group', 'person'] as const;
    for (let times = 0; times < 2; times += 1) {
      await engine.write((tx) => engine.upsertMany(tx, 'group_host', rowKey, [row]));
    }
    const found = await engine.read.selectFrom('group_host').selectAll().execute();
    expect(found).toEqual([row]);
  });

  test('of several megabytes go in at once', async () => {
    const sealed = Buffer.alloc(6_000, 0xff);
    const rows = Array.from({ length: 800 }, (_, index) => person(`heavy ${index}`, { sealed }));
    await engine.write((tx) => engine.insertMany(tx, 'person', rows));
    const found = await engine.read
      .selectFrom('person')
      .select('sealed')
      .where('person', 'like', 'heavy %')
      .execute();
    expect(found).toHaveLength(rows.length);
    expect(found.every((row) => sealed.equals(Buffer.from(row.sealed as Uint8Array)))).toBe(true);
  });

  test('violate a key or a unique index, and the error says so', async () => {
    const taken = person('taken', { number_index: 'index of 7' });
    await engine.write((tx) => engine.insertMany(tx, 'person', [taken]));
    for (const row of [person('taken'), person('other', { number_index: 'index of 7' })]) {
      const error = await engine
        .write((tx) => engine.insertMany(tx, 'person', [row]))
        .catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(Error);
      expect(engine.isUniqueViolation(error)).toBe(true);
      for (const is of [engine.isConflict, engine.isAway, engine.isDiskFull]) {
        expect(is(error)).toBe(false);
      }
    }
  });

  test('replace nothing that stands under another unique index', async () => {
    const mine = person('mine', { number_index: 'index of 8' });
    const theirs = person('theirs', { number_index: 'index of 9' });
    await engine.write((tx) => engine.insertMany(tx, 'person', [mine, theirs]));
    for (const row of [
      person('new', { number_index: 'index of 9' }),
      { ...mine, number_index: 'index of 9' },
    ]) {
      const error = await engine
        .write((tx) => engine.upsertMany(tx, 'person', ['organisation', 'person'], [row]))
        .catch((reason: unknown) => reason);
      expect(engine.isUniqueViolation(error)).toBe(true);
    }
    const found = await engine.read
      .selectFrom('person')
      .selectAll()
      .where('number_index', 'in', ['index of 8', 'index of 9'])
      .orderBy('number_index')
      .execute();
    expect(found).toMatchObject([mine, theirs]);
  });

  test('that lack a value violate something else', async () => {
    const row = person('lacks', { state: null as never });
    const error = await engine
      .write((tx) => engine.insertMany(tx, 'person', [row]))
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    for (const is of [engine.isUniqueViolation, engine.isConflict, engine.isAway]) {
      expect(is(error)).toBe(false);
    }
  });

  test('that have no number are not each other’s twin', async () => {
    const rows = [person('nameless one'), person('nameless two')];
    await engine.write((tx) => engine.insertMany(tx, 'person', rows));
    const found = await engine.read
      .selectFrom('person')
      .selectAll()
      .where('person', 'like', 'nameless %')
      .execute();
    expect(found).toHaveLength(2);
  });

  test('keep every byte, also of nothing', async () => {
    const all = Uint8Array.from({ length: 512 }, (_, index) => index % 256);
    const rows = [
      person('bytes', { sealed: all }),
      person('no bytes', { sealed: new Uint8Array() }),
      person('null bytes'),
    ];
    await engine.write((tx) => engine.insertMany(tx, 'person', rows));
    for (const row of rows) {
      const found = await engine.read
        .selectFrom('person')
        .selectAll()
        .where('person', '=', row.person)
        .executeTakeFirstOrThrow();
      expect(found.sealed === null ? null : Buffer.from(found.sealed)).toEqual(
        row.sealed === null ? null : Buffer.from(row.sealed),
      );
    }
  });

  test('keep every number and every null', async () => {
    const numbers = [0, 1, -1, 2 ** 31, 2 ** 53 - 1, -(2 ** 53 - 1), 1_790_000_000_123];
    const rows = numbers.map(
      (at, index): RecordTable => ({
        organisation,
        session: 'numbers',
        person: String(index),
        status: null,
        at: index === 0 ? null : at,
        minutes_late: index,
        how: null,
        pending: index % 2,
        seq: at,
      }),
    );
    await engine.write((tx) => engine.insertMany(tx, 'record', rows));
    const found = await engine.read
      .selectFrom('record')
      .selectAll()
      .where('session', '=', 'numbers')
      .orderBy('person')
      .execute();
    expect(found).toEqual(rows);
    const sums = await engine.read
      .selectFrom('record')
      .select(({ fn }) => [
        fn.max<number>('seq').as('max'),
        fn.countAll<number>().as('count'),
        fn.sum<number>('minutes_late').as('sum'),
      ])
      .where('session', '=', 'numbers')
      .executeTakeFirstOrThrow();
    expect(sums).toEqual({ max: 2 ** 53 - 1, count: numbers.length, sum: 21 });
  });

  const attempt = (id: string): AttemptTable => ({
    organisation,
    ticket: id,
    attempt: id,
    browser: '',
    body_digest: '',
    session: '',
    person: '',
    seq: 0,
  });
  const texts = [
    ...['plain', 'Plain', 'PLAIN', ' plain', 'plain ', 'plain  ', ''],
    ...['Zoë', 'Zoe', 'Zoe\u0308', 'ﬀ', 'ff', 'ß', 'ss', 'SS', 'ı', 'i', 'I', 'İ'],
    ...['محمد', '王小明', 'ひらがな', 'ヒラガナ', 'Ωμέγα', 'हिन्दी', '👩‍🏫', '👩', '𝔘'],
    ...["O'Brien", '"quoted"', '`tick`', 'back\\slash', '%', '_', '?', '$1', ':name', '\t', 'a\nb'],
    ...['\u{1F600}', '\uFFFD', '\u{10FFFF}', '\u200B', '\u0301'],
  ];

  test('keep any text as it is, and every two texts apart', async () => {
    expect(new Set(texts).size).toBe(texts.length);
    await engine.write((tx) => engine.insertMany(tx, 'attempt', texts.map(attempt)));
    const found = await engine.read.selectFrom('attempt').select(['ticket', 'attempt']).execute();
    expect(new Set(found.map(({ ticket }) => ticket))).toEqual(new Set(texts));
    for (const text of texts) {
      const rows = await engine.read
        .selectFrom('attempt')
        .select('ticket')
        .where('ticket', '=', text)
        .where('attempt', 'in', [text])
        .execute();
      expect(rows).toEqual([{ ticket: text }]);
    }
  });

  test('lie in the order of their bytes', async () => {
    const inBytes = [...texts].sort((left, right) =>
      Buffer.compare(Buffer.from(left), Buffer.from(right)),
    );
    const ordered = await engine.read
      .selectFrom('attempt')
      .select('ticket')
      .orderBy('ticket')
      .execute();
    expect(ordered.map(({ ticket }) => ticket)).toEqual(inBytes);
    const middle = inBytes[20] as string;
    const after = await engine.read
      .selectFrom('attempt')
      .select('ticket')
      .where('ticket', '>', middle)
      .orderBy('ticket', 'desc')
      .execute();
    expect(after.map(({ ticket }) => ticket)).toEqual(inBytes.slice(21).reverse());
    const { first } = await engine.read
      .selectFrom('attempt')
      .select(({ fn }) => fn.min('ticket').as('first'))
      .where('ticket', '!=', '')
      .executeTakeFirstOrThrow();
    expect(first).toBe(inBytes[1]);
  });

  test('are counted as they were touched, also where nothing changed', async () => {
    const row = enrolment('counted', 'somebody');
    await engine.write(async (tx) => {
      await engine.insertMany(tx, 'enrolment', [row]);
      const update = () =>
        tx
          .updateTable('enrolment')
          .set({ from_date: row.from_date })
          .where('group', '=', row.group)
          .executeTakeFirstOrThrow();
      expect((await update()).numUpdatedRows).toBe(1n);
      const remove = () =>
        tx.deleteFrom('enrolment').where('group', '=', row.group).executeTakeFirstOrThrow();
      expect((await remove()).numDeletedRows).toBe(1n);
      expect((await remove()).numDeletedRows).toBe(0n);
      expect((await update()).numUpdatedRows).toBe(0n);
    });
  });
});
