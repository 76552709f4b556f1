// What an engine on a server says when others are in the way or the connection goes.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServerAddress } from '../../src/store/database-address.ts';
import { type Engine, OutcomeUnknown, type Tx } from '../../src/store/engine.ts';
import { serverNames } from '../engines.ts';
import { type OpenedEngine, openEngine, openFresh } from './open-engine.ts';
import { type ServerSessions, watchSessions } from './server-session.ts';

const organisation = 'TESTTEST';
const row = (stream: string) => ({ organisation, stream, seq: 0, hash: '' });
const reason = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

/** Resolves when as many callers have arrived as it was made for. */
function meeting(size: number): () => Promise<void> {
  let open: () => void = () => {};
  const met = new Promise<void>((resolve) => {
    open = resolve;
  });
  let arrived = 0;
  return () => {
    arrived += 1;
    if (arrived === size) open();
    return met;
  };
}

describe.each(serverNames)('on %s', (name) => {
  let opened: OpenedEngine;
  let engine: Engine;
  let sessions: ServerSessions;
  beforeAll(async () => {
    opened = await openFresh(name);
    engine = opened.engine;
    sessions = await watchSessions(opened.address as ServerAddress);
    await engine.write((tx) => engine.insertMany(tx, 'stream', [row('a'), row('b')]));
  });
  afterAll(async () => {
    await sessions[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
  });
  const lock = (tx: Tx, stream: string) =>
    tx
      .selectFrom('stream')
      .selectAll()
      .where('organisation', '=', organisation)
      .where('stream', '=', stream)
      .forUpdate()
      .execute();
  /** What meets a connection that was killed a moment ago is away; the next one is not. */
  const again = async <T>(work: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!engine.isAway(error)) throw error;
      }
    }
  };
  const stands = (stream: string): Promise<boolean> =>
    again(async () => {
      const query = engine.read.selectFrom('stream').select('stream');
      return (await query.where('stream', '=', stream).execute()).length > 0;
    });

  test('of two that wait for each other one goes through, the other is a conflict', async () => {
    const meet = meeting(2);
    const take = (first: string, second: string, mark: string) =>
      reason(
        engine.write(async (tx) => {
          await engine.insertMany(tx, 'stream', [row(mark)]);
          await lock(tx, first);
          await meet();
          await lock(tx, second);
        }),
      );
    const reasons = await Promise.all([
      take('a', 'b', 'took a first'),
      take('b', 'a', 'took b first'),
    ]);
    expect(reasons.filter((error) => error === null)).toHaveLength(1);
    const conflict = reasons.find((error) => error !== null);
    expect(engine.isConflict(conflict)).toBe(true);
    for (const is of [engine.isUniqueViolation, engine.isAway, engine.isDiskFull]) {
      expect(is(conflict)).toBe(false);
    }
    // of the loser nothing stands, not even what came before the conflict
    const standing = await Promise.all(['took a first', 'took b first'].map(stands));
    expect(standing).toEqual(reasons.map((error) => error === null));
  });

  test('a statement that failed spoils its transaction, even where nobody minded', async () => {
    const error = await reason(
      engine.write(async (tx) => {
        await engine.insertMany(tx, 'stream', [row('beside a failure')]);
        await engine.insertMany(tx, 'stream', [row('a')]).catch(() => {});
      }),
    );
    expect(error).toBeInstanceOf(Error);
    expect(await stands('beside a failure')).toBe(false);
  });

  test('a transaction whose connection is killed fails as away, and the next one works', async () => {
    const error = await reason(
      engine.write(async (tx) => {
        await engine.insertMany(tx, 'stream', [row('killed')]);
        await sessions.kill(await sessions.list());
        await lock(tx, 'a');
      }),
    );
    expect(engine.isAway(error)).toBe(true);
    expect(engine.isConflict(error)).toBe(false);
    expect(engine.isUniqueViolation(error)).toBe(false);
    expect(await stands('killed')).toBe(false);
    await again(() => engine.write((tx) => engine.insertMany(tx, 'stream', [row('after a kill')])));
    expect(await stands('after a kill')).toBe(true);
  });

  test('a transaction that is killed before its commit is away or unknown, and does not stand', async () => {
    const error = await reason(
      engine.write(async (tx) => {
        await engine.insertMany(tx, 'stream', [row('killed at the end')]);
        await sessions.kill(await sessions.list());
        await pause(50);
      }),
    );
    expect(engine.isAway(error)).toBe(true);
    expect(await stands('killed at the end')).toBe(false);
  });

  test('the unknown outcome of a commit is away too', () => {
    expect(engine.isAway(new OutcomeUnknown('broke'))).toBe(true);
    expect(engine.isConflict(new OutcomeUnknown('broke'))).toBe(false);
  });

  test('connections that were killed while nobody used them are replaced', async () => {
    for (let times = 0; times < 3; times += 1) {
      await Promise.all(Array.from({ length: 8 }, () => stands('a')));
      await engine.write((tx) => lock(tx, 'a'));
      await sessions.kill(await sessions.list());
      expect(await stands('a')).toBe(true);
    }
    await again(() => engine.write((tx) => lock(tx, 'a')));
  });

  test('a surprise is neither a conflict nor away', () => {
    for (const surprise of [new Error('x'), new TypeError('y'), null, undefined, 'text', {}]) {
      expect(engine.isConflict(surprise)).toBe(false);
      expect(engine.isAway(surprise)).toBe(false);
      expect(engine.isUniqueViolation(surprise)).toBe(false);
      expect(engine.isDiskFull(surprise)).toBe(false);
    }
  });

  test('closing the engine leaves no connection behind', async () => {
    const other = await openEngine(opened.address);
    const before = await sessions.list();
    await Promise.all(Array.from({ length: 6 }, () => other.write((tx) => lock(tx, 'nothing'))));
    const made = (await sessions.list()).filter((id) => !before.includes(id));
    expect(made.length).toBeGreaterThan(0);
    await other[Symbol.asyncDispose]();
    await expect
      .poll(async () => (await sessions.list()).filter((id) => made.includes(id)))
      .toEqual([]);
  });
});
