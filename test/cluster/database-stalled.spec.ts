import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Cluster } from './cluster.ts';
import { databaseEngines } from './database-engine.ts';
import { DirectPhone } from './direct-phone.ts';
import { endure } from './fault.ts';
import { StallingProxy } from './stalling-proxy.ts';

test.each(databaseEngines)(
  'a line to %s that hangs and recovers: the other instance goes on, and nothing is done twice',
  async (name, Server) => {
    await using database = await Server.start();
    await using line = await StallingProxy.start(database.port);
    const { address } = database;
    await using cluster = await Cluster.start({
      databases: [Server.address([line.port]), address],
      seedAt: address,
    });
    const [far, near] = cluster.instances;
    const phone = await DirectPhone.scan(cluster, far);
    const other = await DirectPhone.scan(cluster, near);
    await endure(
      {
        fault: `c: the line to ${name} hangs`,
        cluster,
        address,
        others: [phone.attempt, other.attempt],
      },
      async (rush) => {
        expect(line.connections).toBeGreaterThan(0);
        line.stall();
        // hangs for longer than a statement may take; what the instance sent is still on its way
        await phone.expectLater();
        await sleep(2_000);
        line.flow();
        await other.expectTaken();
        await rush.more(300);
        // and shorter
        line.stall();
        await sleep(1_500);
        line.flow();
        await phone.persist();
        await phone.expectTaken();
      },
    );
  },
);
