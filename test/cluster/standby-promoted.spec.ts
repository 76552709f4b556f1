import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Cluster } from './cluster.ts';
import { DirectPhone } from './direct-phone.ts';
import { endure } from './fault.ts';
import { PostgresServer } from './postgres-server.ts';
import { StallingProxy } from './stalling-proxy.ts';

test('a primary killed and its synchronous standby promoted: instances find it, and nothing acknowledged is missing', async () => {
  await using primary = await PostgresServer.start();
  await using standby = await primary.startStandby();
  const address = PostgresServer.address([primary.port, standby.port]);
  await using cluster = await Cluster.start({ databases: [address, address] });
  const { instances } = cluster;
  const phones = await Promise.all(instances.map((one) => DirectPhone.scan(cluster, one)));
  const others = phones.map(({ attempt }) => attempt);
  await endure(
    { fault: 'f: primary killed, standby promoted', cluster, address: standby.address, others },
    async (rush) => {
      await primary.kill();
      // whoever decides that the standby leads needs a moment
      const waiting = Promise.all(phones.map((phone) => phone.persist()));
      await sleep(2_000);
      await standby.promote();
      await waiting;
      await rush.more(300);
      await Promise.all(phones.map((phone) => phone.expectTaken()));

      // a primary that comes back with an older past is not believed
      const before = await countCheckIns(standby);
      await primary.launch();
      await rush.more(600);
      expect(await countCheckIns(standby)).toBeGreaterThanOrEqual(before + 600);
    },
  );
});

test('while the synchronous standby hangs nothing is acknowledged, so that it may be promoted', async () => {
  await using primary = await PostgresServer.start();
  await using line = await StallingProxy.start(primary.port);
  await using standby = await primary.startStandby(line.port);
  const address = PostgresServer.address([primary.port, standby.port]);
  await using cluster = await Cluster.start({ databases: [address, address] });
  const phone = await DirectPhone.scan(cluster, cluster.instances[0]);
  const others = [phone.attempt];
  await endure(
    { fault: 'f: standby hangs, primary killed', cluster, address: standby.address, others },
    async (rush) => {
      line.stall();
      // for longer than anybody waits: a primary that gave up waiting would say yes without the standby
      await sleep(14_000);
      await phone.expectLater();
      await primary.kill();
      await standby.promote();
      await phone.persist();
      await rush.more(300);
    },
  );
});

/** Check-ins that this server has. */
async function countCheckIns(server: PostgresServer): Promise<number> {
  const [row] = await server.ask<{ count: number }>(
    `select count(*)::int as count from event where type = 'check-in'`,
    'muster',
  );
  return row?.count ?? 0;
}
