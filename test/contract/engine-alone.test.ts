// What instances on one database do one after the other, and the time they agree on.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServerAddress } from '../../src/store/database-address.ts';
import type { Engine } from '../../src/store/engine.ts';
import { engineNames, serverNames } from '../engines.ts';
import { type OpenedEngine, openEngine, openFresh } from './open-engine.ts';
import { watchSessions } from './server-session.ts';

describe.each(serverNames)('alone on %s', (name) => {
  let opened: OpenedEngine;
  let engine: Engine;
  let other: Engine;
  beforeAll(async () => {
    opened = await openFresh(name);
    engine = opened.engine;
    other = await openEngine(opened.address);
  });
  afterAll(async () => {
    await other[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
  });

  test('of many on two instances one works at a time', async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await pause(5);
      inside -= 1;
    };
    await Promise.all(
      Array.from({ length: 12 }, (_, index) => (index % 2 ? engine : other).alone(work)),
    );
    expect(most).toBe(1);
  });

  test('others may write meanwhile, and whoever is alone too', async () => {
    const row = (stream: string) => ({ organisation: 'TESTTEST', stream, seq: 0, hash: '' });
    await engine.alone(async () => {
      await engine.write((tx) => engine.insertMany(tx, 'stream', [row('mine')]));
      await other.write((tx) => other.insertMany(tx, 'stream', [row('theirs')]));
    });
    expect(await engine.read.selectFrom('stream').select('stream').execute()).toHaveLength(2);
  });

  test('a throw lets the next one in', async () => {
    const surprise = new Error('surprise');
    const thrown = engine.alone(async () => {
      throw surprise;
    });
    await expect(thrown).rejects.toBe(surprise);
    expect(await other.alone(async () => 'in')).toBe('in');
  });

  test('a connection that ends lets the next one in', async () => {
    await using sessions = await watchSessions(opened.address as ServerAddress);
    let letGo: () => void = () => {};
    let entered: () => void = () => {};
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const first = engine
      .alone(async () => {
        entered();
        await held;
      })
      .catch(() => {});
    await inside;
    await sessions.kill(await sessions.list());
    expect(await other.alone(async () => 'in')).toBe('in');
    letGo();
    await first;
  });

  test('another database of the server is not concerned', async () => {
    await using elsewhere = await openFresh(name);
    const answer = await engine.alone(() => elsewhere.engine.alone(async () => 'both'));
    expect(answer).toBe('both');
  });
});

describe.each(engineNames)('the time of the database on %s', (name) => {
  test('is a server’s own in milliseconds, or nobody’s', async () => {
    await using opened = await openFresh(name);
    const { engine } = opened;
    const first = await engine.serverTime();
    if (name === 'sqlite') {
      expect(first).toBeNull();
      return;
    }
    expect(first).toBeGreaterThan(Date.parse('2025-01-01T00:00:00Z'));
    expect(first).toBeLessThan(Date.parse('2100-01-01T00:00:00Z'));
    await pause(20);
    const second = (await engine.serverTime()) as number;
    expect(second - (first as number)).toBeGreaterThanOrEqual(10);
  });
});
