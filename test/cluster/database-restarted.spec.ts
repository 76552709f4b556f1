import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Cluster } from './cluster.ts';
import { databaseEngines } from './database-engine.ts';
import { DirectPhone } from './direct-phone.ts';
import { endure } from './fault.ts';

test.each(databaseEngines)(
  '%s restarted in a rush: phones are told to come later, and nothing is lost',
  async (name, Server) => {
    await using database = await Server.start();
    const { address } = database;
    await using cluster = await Cluster.start({ databases: [address, address] });
    const { instances } = cluster;
    const phones = await Promise.all(instances.map((one) => DirectPhone.scan(cluster, one)));
    const { report } = await endure(
      {
        fault: `b: ${name} restarted`,
        cluster,
        address,
        others: phones.map(({ attempt }) => attempt),
      },
      async (rush) => {
        await database.stop();
        await Promise.all(phones.map((phone) => phone.expectLater()));
        await database.launch();
        await rush.more(300);
        // this time without a word
        await database.kill();
        await sleep(500);
        await database.launch();
        await rush.more(300);
        await Promise.all(phones.map((phone) => phone.expectTaken()));
        // who was taken stays taken
        await Promise.all(phones.map((phone) => phone.expectTaken()));
      },
    );
    expect(report.refusals.later).toBeGreaterThan(0);
    for (const instance of instances) expect(instance.isRunning).toBe(true);
  },
);
