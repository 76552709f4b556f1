import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Leases, type Tenure } from '../src/server/lease.ts';
import { type OpenedStore, openStore } from '../src/store/open.ts';
import { FakeClock } from './app.ts';
import { freshDatabase, serverNames, type TestDatabase } from './engines.ts';

const ttlMs = 1_200;
const log = pino({ level: 'silent' });
const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };

let folder: string;
let database: TestDatabase;
let clock: FakeClock;
let open: AsyncDisposableStack;

/** One instance as far as leases go; what it does is written into `story`. */
class Instance {
  readonly name: string;
  readonly leases: Leases;
  readonly opened: OpenedStore;
  tenure: Tenure | null = null;
  #cut: Promise<void> | null = null;

  constructor(name: string, opened: OpenedStore) {
    this.name = name;
    this.opened = opened;
    this.leases = new Leases({ store: opened.store, instance: name, log }, { ttlMs });
  }

  /** Takes its connections to the database away. */
  cut(): Promise<void> {
    this.#cut ??= (async () => this.opened[Symbol.asyncDispose]())();
    return this.#cut;
  }

  work(begin = async () => {}): Promise<void> {
    return this.leases.whileHeld('job', async (tenure) => {
      await begin();
      story.push(`${this.name} begins`);
      this.tenure = tenure;
      return {
        [Symbol.asyncDispose]: async () => void story.push(`${this.name} ends`),
      };
    });
  }
}

let story: string[];

/** Whose job began last; fails where two did it at once. */
function lastOf(): string | undefined {
  for (const [index, line] of story.entries()) {
    const [name, what] = line.split(' ');
    const before = index === 0 ? undefined : story[index - 1];
    if (what === 'ends' ? before !== `${name} begins` : before?.endsWith('begins')) {
      throw new Error(`not one after the other: ${story}`);
    }
  }
  return story.findLast((line) => line.endsWith('begins'))?.split(' ')[0];
}

const openInstance = async (name: string): Promise<Instance> => {
  const opened = await openStore({
    address: database.address,
    folder,
    keysFor: () => join(folder, 'keys'),
    clock,
    random,
    zone: 'Europe/Berlin',
  });
  const instance = new Instance(name, opened);
  open.defer(() => instance.cut());
  open.use(instance.leases);
  return instance;
};

describe.each(serverNames)('a lease on %s', (engine) => {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'muster-lease-'));
    database = await freshDatabase(engine);
    clock = new FakeClock();
    story = [];
    open = new AsyncDisposableStack();
  });
  afterEach(async () => {
    await open.disposeAsync();
    await database[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test('goes to one of many that want it at once', async () => {
    const instances = [await openInstance('a'), await openInstance('b')];
    const { store } = (instances[1] as Instance).opened;
    for (const name of ['c', 'd', 'e']) {
      instances.push(new Instance(name, { store } as OpenedStore));
      open.use((instances.at(-1) as Instance).leases);
    }
    await Promise.all(instances.map((instance) => instance.work()));
    expect(story.filter((line) => line.endsWith('begins'))).toHaveLength(1);
    await expect.poll(() => instances.filter(({ leases }) => leases.holds('job'))).toHaveLength(1);
  });

  test('is given up by who ends: another takes it at once', async () => {
    const [a, b] = [await openInstance('a'), await openInstance('b')];
    await a.work();
    await b.work();
    expect(lastOf()).toBe('a');
    await a.leases[Symbol.asyncDispose]();
    expect(story.at(-1)).not.toBe('a begins');
    await expect.poll(lastOf).toBe('b');
  });

  test('of an instance that is cut off ends there first; then another takes over', async () => {
    const [a, b] = [await openInstance('a'), await openInstance('b')];
    await a.work();
    await b.work();
    await a.cut();
    await expect.poll(() => story.at(-1)).toBe('a ends');
    expect(a.tenure?.signal.aborted).toBe(true);
    expect(a.tenure?.holds()).toBe(false);
    expect(b.leases.holds('job')).toBe(false);
    clock.advance(ttlMs);
    await expect.poll(lastOf).toBe('b');
  });

  test('is lost by who renews it too slowly, and never held twice', async () => {
    const [a, b] = [await openInstance('a'), await openInstance('b')];
    await a.work();
    await b.work();
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const slow = b.opened.store.engine.write(async (tx) => {
      await tx.selectFrom('lease').selectAll().forUpdate().execute();
      await held;
    });
    await expect.poll(() => story.at(-1)).toBe('a ends');
    const before = story.length;
    clock.advance(ttlMs);
    letGo();
    await slow;
    await expect.poll(() => story.length).toBeGreaterThan(before);
    expect(lastOf()).toMatch(/^[ab]$/);
    expect([a, b].filter(({ leases }) => leases.holds('job')).length).toBeLessThan(2);
  });

  test('goes elsewhere where the job cannot begin', async () => {
    const [a, b] = [await openInstance('a'), await openInstance('b')];
    await a.work(() => Promise.reject(new Error('no room')));
    await b.work();
    await expect.poll(lastOf).toBe('b');
  });
});

test('on an embedded database every lease is there at once, whoever had it when it was killed', async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-lease-'));
  database = await freshDatabase('sqlite');
  clock = new FakeClock();
  story = [];
  open = new AsyncDisposableStack();
  try {
    const a = await openInstance('a');
    const { engine, organisation } = a.opened.store;
    const killed = { organisation, job: 'job', holder: 'killed', until: clock.now() + 3_600_000 };
    await engine.write((tx) => engine.insertMany(tx, 'lease', [killed]));
    await a.work();
    expect(story).toEqual(['a begins']);
    await open.disposeAsync();
    expect(story).toEqual(['a begins', 'a ends']);
  } finally {
    await database[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }
});
