// Boards and caches of one instance follow the other whatever happens to what wakes them.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { SessionId } from '../src/core/brand.ts';
import { type Bus, type Grown, noBus } from '../src/server/bus.ts';
import { busOpener, type OpenBus } from '../src/server/bus-choice.ts';
import type { ServerAddress } from '../src/store/database-address.ts';
import { administer } from './engine/administer.ts';
import { serverNames } from './engines.ts';
import { startRedis } from './redis.ts';
import { openSiblings, type Siblings, Watching } from './siblings.ts';
import { until } from './until.ts';

const redis = await startRedis();
afterAll(() => redis?.[Symbol.asyncDispose]());

/** One check-in at A, and whether the board at B has it in the end; the settings besides. */
async function expectFollowed({ school, b }: Siblings, board: Watching, session: SessionId) {
  const number = String(100 + board.present.length);
  const receipt = await school.phone().checkIn(await school.token(session), number, 'Somebody');
  expect(receipt.value.status).toBe('present');
  await until(() => board.present.includes(number));
  const settings = (await school.admin.get<{ zone: string }>('/api/organisation')).value;
  const zone = settings.zone === 'Europe/Berlin' ? 'Asia/Tokyo' : 'Europe/Berlin';
  await school.admin.post('/api/organisation', { ...settings, zone });
  await until(() => b.app.settings.current.zone === zone);
}

const openBoard = async (siblings: Siblings): Promise<[Watching, SessionId]> => {
  const session = await siblings.school.openSession();
  const browser = siblings.atB(siblings.school.admin);
  return [await Watching.open(browser, `session:${session}`, `code:${session}`), session];
};

/** It says that all is well, so nobody looks more often, and carries nothing. */
const deaf: Bus = { ...noBus, kind: 'redis' };

/** A bus on which the test alone speaks. */
function speakFor(): { bus: Bus; say: (grown: Grown) => void } {
  const listeners: Parameters<Bus['subscribe']>[0][] = [];
  return {
    bus: { ...deaf, subscribe: (listener) => void listeners.push(listener) },
    say: (grown) => {
      for (const listener of listeners) listener(grown);
    },
  };
}

/** The bus of each instance that is opened, to look at it. */
function watchBuses(open: OpenBus): { open: OpenBus; buses: Bus[] } {
  const buses: Bus[] = [];
  return {
    buses,
    async open(of) {
      const bus = await open(of);
      buses.push(bus);
      return bus;
    },
  };
}

test.each(serverNames)('%s without a bus: by looking at the database', async (engine) => {
  await using siblings = await openSiblings(engine);
  const [board, session] = await openBoard(siblings);
  using _ = board;
  await expectFollowed(siblings, board, session);
  expect(siblings.b.app.warnings.list()).toEqual([]);
});

test.each(serverNames)('%s with a bus that loses every message', async (engine) => {
  await using siblings = await openSiblings(engine, { bus: () => async () => deaf });
  const [board, session] = await openBoard(siblings);
  using _ = board;
  await expectFollowed(siblings, board, session);
});

test.each(serverNames)(
  '%s with a bus that says everything twice, and nonsense besides',
  async (engine) => {
    const { bus, say } = speakFor();
    const echo: Bus = {
      ...bus,
      publish(streams) {
        for (let times = 0; times < 2; times += 1) {
          say(streams);
          say(['session:none' as never, 'group:none' as never, 'nothing' as never]);
          say(null);
        }
      },
    };
    await using siblings = await openSiblings(engine, { bus: () => async () => echo });
    const [board, session] = await openBoard(siblings);
    using _ = board;
    await expectFollowed(siblings, board, session);
    const numbers = board.frames.flatMap((frame) =>
      frame.kind === 'board' ? frame.people.map(({ number }) => number) : [],
    );
    expect(numbers).toEqual(['100']);
  },
);

test.each(serverNames)(
  '%s: names that somebody made up cost no look at who may watch, however many they are',
  async (engine) => {
    const { bus, say } = speakFor();
    await using siblings = await openSiblings(engine, { bus: () => async () => bus });
    const [board, session] = await openBoard(siblings);
    using _ = board;
    await until(() => board.code !== undefined);
    const { live } = siblings.b.app;
    const recheck = live.recheck.bind(live);
    let rechecked = 0;
    live.recheck = (people) => {
      rechecked += 1;
      return recheck(people);
    };
    for (const count of [900, 3_000]) {
      const names = Array.from({ length: count }, (__, index) => `stream-${index}`);
      say(names as never[]);
    }
    await expectFollowed(siblings, board, session);
    expect(rechecked).toBe(0);
  },
);

test.each(serverNames)(
  '%s: a stream that is said to grow all the time does not hold up its code',
  async (engine) => {
    const { bus, say } = speakFor();
    await using siblings = await openSiblings(engine, { bus: () => async () => bus });
    const [board, session] = await openBoard(siblings);
    using _ = board;
    await until(() => board.code !== undefined);
    const codes = () => board.frames.filter(({ kind }) => kind === 'code').length;
    const before = codes();
    const growing = setInterval(() => say([`session:${session}` as never]), 3);
    try {
      await until(() => codes() > before + 1);
    } finally {
      clearInterval(growing);
    }
  },
);

test.each(serverNames)(
  '%s: day files of one tell check-ins at the other, though nobody watches and no message comes',
  async (engine) => {
    const options = { bus: () => async () => deaf, dayFiles: true };
    await using siblings = await openSiblings(engine, options);
    const { school, dayFolder } = siblings;
    const settings = (await school.admin.get<object>('/api/organisation')).value;
    await school.admin.post('/api/organisation', { ...settings, dayFiles: true });
    const session = await school.openSession();
    await school.phone().checkIn(await school.token(session), '200', 'Somebody');
    const files = () => readdir(dayFolder).catch(() => []);
    await until(async () => {
      const [name = ''] = await files();
      const text = await readFile(join(dayFolder, name), 'utf8').catch(() => '');
      return text.includes('200,Somebody');
    });
  },
);

if (serverNames.includes('postgres')) {
  test('PostgreSQL: its listening connections are ended', async () => {
    const watched: ReturnType<typeof watchBuses>[] = [];
    let address: ServerAddress | undefined;
    await using siblings = await openSiblings('postgres', {
      bus(named) {
        address = named;
        const one = watchBuses(busOpener('database', named));
        watched.push(one);
        return one.open;
      },
    });
    const buses = () => watched.flatMap((one) => one.buses);
    await until(() => buses().length === 2 && buses().every((bus) => bus.downSince === null));
    const [board, session] = await openBoard(siblings);
    using _ = board;
    await expectFollowed(siblings, board, session);
    // they connect anew soon: whoever begins to look afterwards may be too late
    const noticed = until(() => buses().some((bus) => bus.downSince !== null));
    await administer(address as ServerAddress, [
      `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()
        and datname = '${address?.database}' and (query like 'listen %' or query like '%pg_notify%')`,
    ]);
    await noticed;
    await expectFollowed(siblings, board, session);
    await until(() => buses().every((bus) => bus.downSince === null));
    await expectFollowed(siblings, board, session);
  });
}

if (redis) {
  test.each(serverNames)('%s with Redis, which dies and comes back', async (engine) => {
    const { open, buses } = watchBuses(busOpener({ redis: redis.address }, { engine } as never));
    await using siblings = await openSiblings(engine, { bus: () => open });
    await until(() => buses.length === 2 && buses.every((bus) => bus.downSince === null));
    const [board, session] = await openBoard(siblings);
    using _ = board;
    await expectFollowed(siblings, board, session);
    await redis.kill();
    await until(() => buses.every((bus) => bus.downSince !== null));
    await expectFollowed(siblings, board, session);
    // the hosts are told after a while, and when it is over
    const warned = () =>
      [siblings.a, siblings.b].map(({ app }) =>
        app.warnings.list().some(({ kind }) => kind === 'bus-down'),
      );
    await until(() => warned().every(Boolean));
    await redis.launch();
    await until(() => buses.every((bus) => bus.downSince === null));
    await until(() => !warned().some(Boolean));
    await expectFollowed(siblings, board, session);
  });
}
