// The law of `Engine.write` and `Engine.read`.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine, Tx } from '../../src/store/engine.ts';
import type { StreamTable } from '../../src/store/schema.ts';
import { engineNames } from '../engines.ts';
import { type OpenedEngine, openEngine, openFresh } from './open-engine.ts';

const organisation = 'TESTTEST';
const stream = (name: string, seq = 0): StreamTable => ({
  organisation,
  stream: name,
  seq,
  hash: 'hash',
});
const find = (db: Engine['read'], name: string) =>
  db.selectFrom('stream').selectAll().where('stream', '=', name).executeTakeFirst();

describe.each(engineNames)('a transaction on %s', (name) => {
  let opened: OpenedEngine;
  let engine: Engine;
  beforeAll(async () => {
    opened = await openFresh(name);
    engine = opened.engine;
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  const insert = (tx: Tx, ...rows: StreamTable[]) => engine.insertMany(tx, 'stream', rows);

  test('answers what its work answers, and its rows stand', async () => {
    const answer = await engine.write(async (tx) => {
      await insert(tx, stream('stands', 7));
      return 'done';
    });
    expect(answer).toBe('done');
    expect(await find(engine.read, 'stands')).toEqual(stream('stands', 7));
  });

  test('throws what its work throws, and nothing of it stands', async () => {
    const surprise = new Error('surprise');
    const written = engine.write(async (tx) => {
      await insert(tx, stream('thrown'));
      throw surprise;
    });
    await expect(written).rejects.toBe(surprise);
    expect(await find(engine.read, 'thrown')).toBeUndefined();
    // the connection is fit for the next one
    await engine.write((tx) => insert(tx, stream('after the throw')));
    expect(await find(engine.read, 'after the throw')).toBeDefined();
  });

  test('is seen whole after its commit and not at all before', async () => {
    let seen: unknown = 'never read';
    await engine.write(async (tx) => {
      await insert(tx, stream('hidden'), stream('hidden too'));
      seen = await find(engine.read, 'hidden');
      expect(await find(tx, 'hidden')).toBeDefined();
    });
    expect(seen).toBeUndefined();
    expect(await find(engine.read, 'hidden too')).toBeDefined();
  });

  test('takes statements that do not wait for each other, in their order', async () => {
    const rows = Array.from({ length: 40 }, (_, index) => stream(`together ${index}`, index));
    const seen = await engine.write(async (tx) => {
      const inserts = rows.map((row) => insert(tx, row));
      const last = find(tx, 'together 39');
      await Promise.all(inserts);
      return last;
    });
    expect(seen).toEqual(rows[39]);
    const { count } = await engine.read
      .selectFrom('stream')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('stream', 'like', 'together %')
      .executeTakeFirstOrThrow();
    expect(Number(count)).toBe(40);
  });

  test('fails whole where one of many statements fails', async () => {
    const written = engine.write((tx) =>
      Promise.all([
        insert(tx, stream('one of many')),
        insert(tx, stream('twice')),
        insert(tx, stream('twice')),
        insert(tx, stream('last of many')),
      ]),
    );
    await expect(written).rejects.toSatisfy((error) => engine.isUniqueViolation(error));
    for (const gone of ['one of many', 'twice', 'last of many']) {
      expect(await find(engine.read, gone)).toBeUndefined();
    }
    await engine.write((tx) => insert(tx, stream('twice')));
  });

  test.each([
    ['committed', false],
    ['rolled back', true],
  ])('that was %s takes no more statements', async (_, fails) => {
    let late: Promise<unknown> = Promise.resolve();
    let over: () => void = () => {};
    const ended = new Promise<void>((resolve) => {
      over = resolve;
    });
    const written = engine.write(async (tx) => {
      await insert(tx, stream(`in time ${fails}`));
      late = ended.then(() => insert(tx, stream(`late ${fails}`)));
      late.catch(() => {});
      if (fails) throw new Error('surprise');
    });
    await written.catch(() => {});
    over();
    await expect(late).rejects.toThrow();
    // nor does it come into somebody else's transaction
    await Promise.all(Array.from({ length: 6 }, () => engine.write((tx) => find(tx, 'nothing'))));
    expect(await find(engine.read, `late ${fails}`)).toBeUndefined();
    expect((await find(engine.read, `in time ${fails}`)) === undefined).toBe(fails);
  });

  test('runs beside many others, more than there are connections', async () => {
    const count = 60;
    await Promise.all(
      Array.from({ length: count }, (_, index) =>
        engine.write(async (tx) => {
          await insert(tx, stream(`crowd ${index}`));
          // who waits for a read while holding a transaction gets it, however many do
          await find(engine.read, 'crowd');
          await insert(tx, stream(`crowd ${index} again`));
        }),
      ),
    );
    const rows = await engine.read
      .selectFrom('stream')
      .select('stream')
      .where('stream', 'like', 'crowd %')
      .execute();
    expect(rows).toHaveLength(2 * count);
  });

  test('loses no addition where many add to the same row under its lock', async () => {
    await engine.write((tx) => insert(tx, stream('sum')));
    const other = name === 'sqlite' ? engine : await openEngine(opened.address);
    const add = (on: Engine) =>
      on.write(async (tx) => {
        const query = tx.selectFrom('stream').select('seq').where('stream', '=', 'sum');
        const { seq } = await (on.exclusive ? query : query.forUpdate()).executeTakeFirstOrThrow();
        await pause(1);
        await tx
          .updateTable('stream')
          .set({ seq: seq + 1 })
          .where('stream', '=', 'sum')
          .execute();
      });
    await Promise.all(Array.from({ length: 40 }, (_, index) => add(index % 2 ? engine : other)));
    expect((await find(engine.read, 'sum'))?.seq).toBe(40);
    if (other !== engine) await other[Symbol.asyncDispose]();
  });

  test('may begin when the engine says that it is its turn', async () => {
    await engine.turn();
    await engine.write((tx) => insert(tx, stream('its turn')));
    expect(await find(engine.read, 'its turn')).toBeDefined();
  });
});
