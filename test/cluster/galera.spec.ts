import { expect, test } from 'vitest';
import type { PreparedAttempt } from '../../src/store/check-in-attempt.ts';
import type { Store } from '../../src/store/store.ts';
import { Cluster } from './cluster.ts';
import { DirectPhone } from './direct-phone.ts';
import { endure } from './fault.ts';
import { GaleraCluster } from './galera-cluster.ts';
import { type Lecture, openClusterStore } from './lecture.ts';
import { MariadbServer } from './mariadb-server.ts';
import { persistInStore, prepareAttempt } from './prepared-attempt.ts';

/** So many check-ins are written through a node that the instances do not write to. */
const beside = 20;
/** So often a node is asked at once about what another has just committed. */
const repeats = 25;

/** Attempts of people from the end of the roster, where the rush never comes. */
function* attemptsOf(store: Store, lecture: Lecture, names: string[]) {
  for (let index = lecture.enrolled - 100; ; index -= 1) {
    const attempt = prepareAttempt(store, lecture, index);
    names.push(attempt.attempt);
    yield attempt;
  }
}

test('of three Galera nodes the one that all write to is killed and rejoins', async () => {
  await using galera = await GaleraCluster.start();
  const { address, nodes } = galera;
  const [first, second, third] = nodes;
  await using cluster = await Cluster.start({ databases: [address, address], enrolled: 10_000 });
  const { lecture, folder, instances } = cluster;
  const others: string[] = [];
  await endure({ fault: 'e: Galera node killed', cluster, address, others }, async (rush) => {
    const more = () => rush.more(200);
    expect(await galera.writersDuring(nodes, more)).toEqual([first]);

    const phone = await DirectPhone.scan(cluster, instances[0]);
    others.push(phone.attempt);
    await first.kill();
    await phone.persist();
    await more();
    await phone.expectTaken();
    await expect
      .poll(() => galera.writersDuring([second, third], more), { timeout: 30_000 })
      .toEqual([second]);

    await using opened = await openClusterStore(folder, MariadbServer.address([third.port]));
    const { store } = opened;
    const attempts = attemptsOf(store, lecture, others);
    const conflicts = await third.countConflicts();
    for (let index = 0; index < beside; index += 1) {
      const outcome = await persistInStore(store, attempts.next().value as PreparedAttempt);
      expect(outcome).toMatchObject({ ok: true, kind: 'accepted' });
    }
    expect(await third.countConflicts()).toBeGreaterThan(conflicts);

    await first.join();
    await expect
      .poll(() => galera.writersDuring(nodes, more), { timeout: 30_000 })
      .toEqual([first]);

    // what one node has committed another knows at once when it decides
    await using near = await openClusterStore(folder, MariadbServer.address([first.port]));
    for (let index = 0; index < repeats; index += 1) {
      const attempt = attempts.next().value as PreparedAttempt;
      const taken = await persistInStore(near.store, attempt);
      expect(taken).toMatchObject({ ok: true, kind: 'accepted' });
      const again = await persistInStore(store, attempt);
      expect(again).toEqual({ ...taken, kind: expect.anything() });
    }
  });
});
