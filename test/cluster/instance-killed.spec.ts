import { expect, test } from 'vitest';
import { Cluster } from './cluster.ts';
import { endure } from './fault.ts';
import { PostgresServer } from './postgres-server.ts';

test('an instance killed in a rush loses and doubles nothing, and the other goes on', async () => {
  await using database = await PostgresServer.start();
  const { address } = database;
  await using cluster = await Cluster.start({ databases: [address, address] });
  const [first, second] = cluster.instances;
  const { report } = await endure(
    { fault: 'a: instance killed', cluster, address },
    async (rush) => {
      await first.kill();
      await rush.more(300);
      expect(first.isRunning).toBe(false);
      await first.launch();
      await rush.more(300);
      await second.kill();
      await rush.more(300);
      await second.launch();
    },
  );
  expect(report.gapMs).toBeGreaterThan(0);
});
