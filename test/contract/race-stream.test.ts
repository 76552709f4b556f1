// Many writers on the ledger, from two instances.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StreamName } from '../../src/core/brand.ts';
import { refuse } from '../../src/core/refusal.ts';
import { commit } from '../../src/store/ledger.ts';
import type { Store } from '../../src/store/store.ts';
import { engineNames, serverNames } from '../engines.ts';
import { times } from '../jar.ts';
import { openStores, type Stores } from './open-store.ts';

const event = (store: Store, stream: StreamName, type = 'test') => ({
  stream,
  type,
  occurredAt: store.clock.now(),
  actor: 'operator',
  subject: null,
});
const write = (store: Store, ...streams: string[]) =>
  commit(store, ({ append }) =>
    append(streams.map((stream) => event(store, stream as StreamName))),
  );
const seqs = async ({ engine }: Store, stream: string) => {
  const query = engine.read.selectFrom('event').select('seq').where('stream', '=', stream);
  return (await query.orderBy('seq').execute()).map(({ seq }) => seq);
};
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe.each(engineNames)('writers on %s', (name) => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await openStores(name);
  });
  afterAll(() => stores[Symbol.asyncDispose]());

  test('of a stream that nobody has written to yet: ten at once have ten places', async () => {
    for (let round = 0; round < 5; round += 1) {
      const stream = `group:new ${round}`;
      await times(10, (index) => write(stores.turn(index), stream));
      expect(await seqs(stores.first, stream)).toEqual(upTo(10));
    }
    expect(await stores.faults()).toEqual([]);
  });

  test('of one stream leave no hole and no twin, and the chain holds', async () => {
    await times(120, (index) => write(stores.turn(index), 'group:one'));
    expect(await seqs(stores.first, 'group:one')).toEqual(upTo(120));
    expect(await stores.faults()).toEqual([]);
  });

  test('of several streams in any order all go through', async () => {
    const names = ['group:a', 'group:b', 'people', 'organisation'];
    await times(40, (index) => {
      const some = names.filter((_, place) => (index >> place) & 1);
      return write(stores.turn(index), ...(index % 3 === 0 ? some.reverse() : some));
    });
    const expected = names.map(
      (_, place) => upTo(40).filter((index) => ((index - 1) >> place) & 1).length,
    );
    for (const [place, stream] of names.entries()) {
      expect(await seqs(stores.first, stream)).toEqual(upTo(expected[place] as number));
    }
    expect(await stores.faults()).toEqual([]);
  });

  test('that take one stream after the other, in opposite order, all go through', async () => {
    await times(4, (index) =>
      commit(stores.turn(index), async ({ append }) => {
        const store = stores.turn(index);
        const pair = ['group:left', 'group:right'] as StreamName[];
        for (const stream of index % 2 === 0 ? pair : pair.reverse()) {
          await append([event(store, stream)]);
        }
      }),
    );
    expect(await seqs(stores.first, 'group:left')).toEqual(upTo(4));
    expect(await seqs(stores.first, 'group:right')).toEqual(upTo(4));
    expect(await stores.faults()).toEqual([]);
  });

  test('decide on what stands under the lock: of ten who want the first place one gets it', async () => {
    const answers = await times(10, (index) => {
      const store = stores.turn(index);
      const stream = 'group:first place' as StreamName;
      return commit(store, async ({ lock, lengthOf, append }) => {
        await lock([stream]);
        if (lengthOf(stream) > 0) return refuse('not-found');
        await append([event(store, stream)]);
        return { ok: true as const };
      });
    });
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await seqs(stores.first, 'group:first place')).toEqual([1]);
  });

  test('who are refused leave nothing behind, not even an empty stream', async () => {
    const stream = 'group:refused' as StreamName;
    await times(4, (index) =>
      commit(stores.turn(index), async ({ lock }) => {
        await lock([stream]);
        return refuse('not-found');
      }),
    );
    const heads = await stores.first.engine.read
      .selectFrom('stream')
      .selectAll()
      .where('stream', '=', stream)
      .execute();
    expect(heads).toEqual([]);
    await times(4, (index) => write(stores.turn(index), stream));
    expect(await seqs(stores.first, stream)).toEqual(upTo(4));
  });
});

describe.each(serverNames)('a writer on %s', (name) => {
  test('waits for whoever holds its stream, and for nobody else', async () => {
    await using stores = await openStores(name);
    const { first, second } = stores;
    await write(first, 'group:held', 'group:free');
    const order: string[] = [];
    let waiting: Promise<unknown> = Promise.resolve();
    await commit(first, async ({ lock, append }) => {
      await lock(['group:held' as StreamName]);
      waiting = write(second, 'group:held').then(() => order.push('the one who waited'));
      // resolves while the other stream is held, or never
      await write(second, 'group:free');
      order.push('the one beside');
      await append([event(first, 'group:held' as StreamName, 'holder')]);
    });
    await waiting;
    expect(order).toEqual(['the one beside', 'the one who waited']);
    const types = await first.engine.read
      .selectFrom('event')
      .select('type')
      .where('stream', '=', 'group:held')
      .orderBy('seq')
      .execute();
    expect(types.map(({ type }) => type)).toEqual(['test', 'holder', 'test']);
  });
});
