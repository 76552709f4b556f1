import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Cluster } from './cluster.ts';
import { DirectPhone } from './direct-phone.ts';
import { endure } from './fault.ts';
import { PostgresServer } from './postgres-server.ts';

test('a database server restarted in a rush: phones are told to come later, and nothing is lost', async () => {
  await using database = await PostgresServer.start();
  const { address } = database;
  await using cluster = await Cluster.start({ databases: [address, address] });
  const { instances } = cluster;
  const phones = await Promise.all(instances.map((one) => DirectPhone.scan(cluster, one)));
  const { report } = await endure(
    { fault: 'database restarted', cluster, address, others: phones.map(({ attempt }) => attempt) },
    async (rush) => {
      await database.stop();
      await Promise.all(phones.map((phone) => phone.expectLater()));
      await sleep(1_000);
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
});
