// The ledger when connections end in the middle: whatever was answered stands, and stands once.
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { SessionId, StreamName } from '../../src/core/brand.ts';
import { makeId } from '../../src/core/id.ts';
import { checkInBatch } from '../../src/store/check-in.ts';
import type { ServerAddress } from '../../src/store/database-address.ts';
import { commit } from '../../src/store/ledger.ts';
import type { Store } from '../../src/store/store.ts';
import { openRoll } from '../../src/store/throwaway.ts';
import { serverAddress, serverNames } from '../engines.ts';
import { times } from '../jar.ts';
import { startCutter } from './commit-cutter.ts';
import { openStores, random, type Stores } from './open-store.ts';
import { watchSessions } from './server-session.ts';

const attemptAt = (store: Store, session: SessionId, number: string) => {
  const now = store.clock.now();
  const id = () => makeId<string>(now, random);
  const ticket = { id: id(), session, browser: id(), kind: 'code' as const, slot: 1, ageMs: 0 };
  return {
    attempt: id(),
    ticket: { ...ticket, issuedAt: now },
    bodyDigest: number,
    number,
    name: `Guest ${number}`,
    address: '192.0.2.1',
  };
};
const eventsOf = async ({ first }: Stores, stream: string) => {
  const query = first.engine.read.selectFrom('event').select(['seq', 'type']);
  return query.where('stream', '=', stream).orderBy('seq').execute();
};

describe.each(serverNames)('a commit on %s whose answer is lost', (name) => {
  test('is answered by what stands, and nothing is done twice', async () => {
    await using cutter = await startCutter(serverAddress(name));
    await using stores = await openStores(name, { by: cutter.by });
    const { first, second } = stores;
    const session = await openRoll(first, 'Europe/Berlin');
    const woken: string[] = [];
    const store: Store = { ...first, wake: (streams) => woken.push(...streams) };
    for (let round = 1; round <= 3; round += 1) {
      cutter.cutNext();
      const [outcome] = await checkInBatch(store, [attemptAt(store, session, `${round}`)]);
      expect(cutter.cuts()).toBe(round);
      expect(outcome).toMatchObject({ ok: true, kind: 'guest' });
    }
    expect((await eventsOf(stores, `session:${session}`)).map(({ seq }) => seq)).toEqual([
      1, 2, 3, 4,
    ]);
    expect(woken).toEqual(Array(3).fill(`session:${session}`));
    const guests = second.engine.read.selectFrom('person').selectAll();
    expect(await guests.where('guest_of', '=', session).execute()).toHaveLength(3);
    expect(await stores.faults()).toEqual([]);
  });

  test('is decided again where others came after it', async () => {
    await using cutter = await startCutter(serverAddress(name));
    await using stores = await openStores(name, { by: cutter.by });
    const stream = 'group:lost' as StreamName;
    const write = (store: Store) =>
      commit(store, async ({ lock, lengthOf, append, now }) => {
        await lock([stream]);
        const facts = { before: lengthOf(stream) };
        await append([{ stream, type: 't', occurredAt: now, actor: 'x', subject: null, facts }]);
        return facts.before;
      });
    await write(stores.first);
    cutter.cutNext();
    const [lost, ...others] = await Promise.all([
      write(stores.first),
      ...Array.from({ length: 5 }, () => write(stores.second)),
    ]);
    expect(cutter.cuts()).toBe(1);
    expect([lost, ...others].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await eventsOf(stores, stream)).toHaveLength(7);
    expect(await stores.faults()).toEqual([]);
  });
});

describe.each(serverNames)('a crowd on %s', (name) => {
  test('is in once each, however often connections are killed', async () => {
    await using stores = await openStores(name);
    await using sessions = await watchSessions(stores.address as ServerAddress);
    const session = await openRoll(stores.first, 'Europe/Berlin');
    const { engine } = stores.first;
    let over = false;
    let killed = 0;
    const killing = (async () => {
      while (!over) {
        const ids = await sessions.list();
        const some = ids.filter((_, index) => (index + killed) % 3 === 0);
        killed += some.length;
        await sessions.kill(some);
        await pause(15);
      }
    })();
    const crowd = await times(90, async (index) => {
      const store = stores.turn(index);
      const attempt = attemptAt(store, session, `${1_000 + index}`);
      await pause(index * 5);
      // a phone repeats exactly what it sent until it is answered
      for (;;) {
        try {
          return (await checkInBatch(store, [attempt]))[0];
        } catch (error) {
          if (!engine.isAway(error)) throw error;
        }
      }
    }).finally(() => {
      over = true;
    });
    await killing;
    expect(killed).toBeGreaterThan(5);
    expect(crowd.every((outcome) => outcome?.ok)).toBe(true);
    const events = await eventsOf(stores, `session:${session}`);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.filter(({ type }) => type === 'check-in')).toHaveLength(90);
    expect(await stores.faults()).toEqual([]);
  });
});
