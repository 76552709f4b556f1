import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Cluster } from './cluster.ts';
import { endure } from './fault.ts';
import { MariadbServer } from './mariadb-server.ts';
import { PostgresServer } from './postgres-server.ts';
import { RedisServer } from './redis-server.ts';
import { StallingProxy } from './stalling-proxy.ts';
import type { WatchedBoard } from './watched-board.ts';

const listening = `from pg_stat_activity where application_name = 'muster'
  and (query ilike 'listen %' or query ilike '%pg_notify%')`;

/** All boards get on by this much, in the state that things are in now. */
async function expectOn(boards: readonly WatchedBoard[], by = 300): Promise<void> {
  const from = boards.map(({ seq }) => seq);
  for (const [index, board] of boards.entries()) {
    const goal = (from[index] ?? 0) + by;
    await expect.poll(() => board.seq, { timeout: 20_000 }).toBeGreaterThan(goal);
  }
}

test('boards go on while LISTEN connections are ended again and again, and while one hangs', async () => {
  await using database = await PostgresServer.start();
  await using line = await StallingProxy.start(database.port);
  const { address } = database;
  await using cluster = await Cluster.start({
    databases: [PostgresServer.address([line.port]), address],
    seedAt: address,
  });
  const trial = { fault: 'd: bus cut (PostgreSQL)', cluster, address, watched: cluster.instances };
  await endure(trial, async (_, boards) => {
    let cuts = 0;
    const until = performance.now() + 4_000;
    const cut = async () => {
      while (performance.now() < until) {
        const ended = await database.ask(`select pg_terminate_backend(pid) ${listening}`);
        cuts += ended.length;
        await sleep(50);
      }
    };
    await Promise.all([cut(), expectOn(boards)]);
    expect(cuts).toBeGreaterThan(5);

    const stallOne = async () => {
      const ports = await database.ask<{ client_port: number }>(`select client_port ${listening}`);
      return ports.filter(({ client_port }) => line.stallFrom(client_port)).length;
    };
    await expect.poll(stallOne, { timeout: 10_000 }).toBe(1);
    await expectOn(boards, 1_000);
  });
});

test('boards go on while Redis is dead, hangs, and comes back', async () => {
  await using database = await MariadbServer.start();
  await using redis = await RedisServer.start();
  await using line = await StallingProxy.start(redis.port);
  const address = MariadbServer.address([database.port]);
  await using cluster = await Cluster.start({
    databases: [address, address],
    bus: `redis://127.0.0.1:${line.port}`,
  });
  const trial = {
    fault: 'd: bus cut (MariaDB, Redis)',
    cluster,
    address,
    watched: cluster.instances,
  };
  await endure(trial, async (_, boards) => {
    await redis.kill();
    await expectOn(boards, 600);
    await redis.launch();
    await expectOn(boards);
    line.stall();
    await expectOn(boards, 1_000);
    line.flow();
  });
});
