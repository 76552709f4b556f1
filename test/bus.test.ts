// The law of the bus, on everything that carries one.
import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import type { OrganisationId, StreamName } from '../src/core/brand.ts';
import type { Grown } from '../src/server/bus.ts';
import { type Dial, LineBus } from '../src/server/bus-line.ts';
import { dialPostgres } from '../src/server/bus-postgres.ts';
import { dialRedis } from '../src/server/bus-redis.ts';
import type { ServerAddress } from '../src/store/database-address.ts';
import { freePort } from './cluster/free-port.ts';
import { StallingProxy } from './cluster/stalling-proxy.ts';
import { serverAddress, serverNames } from './engines.ts';
import { startRedis } from './redis.ts';
import { until } from './until.ts';

/** What carries messages, behind a proxy that cuts or stalls. */
interface Carrier extends AsyncDisposable {
  readonly kind: 'postgres' | 'redis';
  readonly proxy: StallingProxy;
  dial(organisation?: string): Dial;
}

const redis = await startRedis();
afterAll(() => redis?.[Symbol.asyncDispose]());
const carriers: [string, () => Promise<Carrier>][] = [];
if (serverNames.includes('postgres')) carriers.push(['PostgreSQL', carryByPostgres]);
if (redis) carriers.push(['Redis', carryByRedis]);

async function carryByPostgres(): Promise<Carrier> {
  const server = serverAddress('postgres');
  const [host] = server.hosts;
  const proxy = await StallingProxy.start(host?.port ?? 0);
  const address: ServerAddress = { ...server, hosts: [{ host: '127.0.0.1', port: proxy.port }] };
  return {
    kind: 'postgres',
    proxy,
    dial: (organisation = channel()) => dialPostgres(address, organisation as OrganisationId),
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}

async function carryByRedis(): Promise<Carrier> {
  const proxy = await StallingProxy.start(redis?.port ?? 0);
  return {
    kind: 'redis',
    proxy,
    dial: (organisation = channel()) =>
      dialRedis(`redis://127.0.0.1:${proxy.port}`, organisation as OrganisationId),
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}

let channels = 0;
const channel = (): string => `T${process.pid}X${channels}`;
const names = (count: number) =>
  Array.from({ length: count }, (_, index) => `session:${index}` as StreamName);

/** A bus that is up, and what it heard since. */
async function connect(
  { kind }: Pick<Carrier, 'kind'>,
  instance: string,
  dial: Dial,
): Promise<{ bus: LineBus; heard: Grown[] }> {
  const heard: Grown[] = [];
  const bus = new LineBus(kind, { instance, dial, log: pino({ level: 'silent' }) });
  bus.subscribe((grown) => heard.push(grown));
  onTestFinished(() => bus[Symbol.asyncDispose]());
  await until(() => bus.downSince === null);
  return { bus, heard };
}

/** A quiet moment in which whatever is under way arrives. */
const settle = () => pause(150);

test.each(carriers)(
  '%s: others hear what one publishes, and it does not hear itself',
  async (_, open) => {
    channels += 1;
    await using carrier = await open();
    const first = await connect(carrier, 'first', carrier.dial());
    const second = await connect(carrier, 'second', carrier.dial());
    const third = await connect(carrier, 'third', carrier.dial());
    first.bus.publish(names(2));
    await until(() => second.heard.length === 2 && third.heard.length === 2);
    await settle();
    expect(second.heard).toEqual([null, names(2)]);
    expect(third.heard).toEqual([null, names(2)]);
    expect(first.heard).toEqual([null]);
  },
);

test.each(carriers)('%s: a rush travels in few messages and loses nothing', async (_, open) => {
  channels += 1;
  await using carrier = await open();
  const first = await connect(carrier, 'first', carrier.dial());
  const second = await connect(carrier, 'second', carrier.dial());
  const all = names(100);
  for (const stream of all) for (let time = 0; time < 50; time += 1) first.bus.publish([stream]);
  const seen = () => new Set(second.heard.flatMap((grown) => grown ?? []));
  await until(() => seen().size === all.length);
  await settle();
  expect(second.heard.length).toBeLessThanOrEqual(4);
});

test.each(carriers)(
  '%s: more names than a message holds mean: look at everything',
  async (_, open) => {
    channels += 1;
    await using carrier = await open();
    const first = await connect(carrier, 'first', carrier.dial());
    const second = await connect(carrier, 'second', carrier.dial());
    first.bus.publish(names(2_000));
    await until(() => second.heard.length === 2);
    expect(second.heard).toEqual([null, null]);
  },
);

test.each(carriers)('%s: organisations on one server do not hear each other', async (_, open) => {
  channels += 1;
  await using carrier = await open();
  const first = await connect(carrier, 'first', carrier.dial(`${channel()}A`));
  const second = await connect(carrier, 'second', carrier.dial(`${channel()}B`));
  first.bus.publish(names(1));
  await settle();
  expect(second.heard).toEqual([null]);
});

test.each(carriers)(
  '%s: after a cut everything is looked at, and messages go through again',
  async (_, open) => {
    channels += 1;
    await using carrier = await open();
    const first = await connect(carrier, 'first', carrier.dial());
    const second = await connect(carrier, 'second', carrier.dial());
    carrier.proxy.cut();
    await until(() => first.bus.downSince !== null && second.bus.downSince !== null);
    // nobody waits for a bus that is down, and nothing piles up for it
    first.bus.publish(names(1));
    await until(() => first.bus.downSince === null && second.bus.downSince === null);
    expect(second.heard).toEqual([null, null]);
    first.bus.publish(names(3));
    await until(() => second.heard.length === 3);
    expect(second.heard.at(-1)).toEqual(names(3));
  },
);

test.each(carriers)('%s: a connection that says nothing any more is given up', async (_, open) => {
  channels += 1;
  await using carrier = await open();
  const { bus, heard } = await connect(carrier, 'first', carrier.dial());
  carrier.proxy.stall();
  await until(() => bus.downSince !== null);
  carrier.proxy.flow();
  await until(() => bus.downSince === null);
  expect(heard).toEqual([null, null]);
});

test.each(carriers)('%s: what is no message of ours wakes nobody', async (_, open) => {
  channels += 1;
  await using carrier = await open();
  const { heard } = await connect(carrier, 'first', carrier.dial());
  const line = await carrier.dial()({ heard() {}, lost() {} });
  onTestFinished(() => line.end());
  const strange = ['', 'x', 'second\n', 'second\nsession:1\nDROP TABLE', 'se cond\npeople', '\n*'];
  for (const message of strange) await line.send(message);
  await line.send('second\npeople');
  await until(() => heard.length === 2);
  expect(heard).toEqual([null, ['people']]);
});

test.each(carriers)(
  '%s: who is not there is called again, and the bus ends all the same',
  async (_, open) => {
    channels += 1;
    await using carrier = await open();
    const dial = carrier.dial();
    await carrier.proxy[Symbol.asyncDispose]();
    const bus = new LineBus(carrier.kind, {
      instance: 'first',
      dial,
      log: pino({ level: 'silent' }),
    });
    bus.publish(names(1));
    await pause(500);
    expect(bus.downSince).not.toBeNull();
    await bus[Symbol.asyncDispose]();
  },
);

if (serverNames.includes('postgres')) {
  test('PostgreSQL: of several hosts the one that takes work carries the messages', async () => {
    channels += 1;
    const server = serverAddress('postgres');
    const dead = { host: '127.0.0.1', port: await freePort() };
    const dialOver = (hosts: ServerAddress['hosts']) =>
      dialPostgres({ ...server, hosts }, channel() as OrganisationId);
    const carrier = { kind: 'postgres' as const };
    const first = await connect(carrier, 'first', dialOver([dead, ...server.hosts]));
    const second = await connect(carrier, 'second', dialOver([...server.hosts, dead]));
    first.bus.publish(names(1));
    await until(() => second.heard.length === 2);
    expect(second.heard).toEqual([null, names(1)]);
  });
}
