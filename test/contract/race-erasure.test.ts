// Somebody is erased on one instance while the other still works with them.
import { describe, expect, test } from 'vitest';
import type { PersonId } from '../../src/core/brand.ts';
import { erasePerson } from '../../src/store/erasure.ts';
import { organisationStream } from '../../src/store/store.ts';
import { finish, verifyLedger } from '../../src/store/verify.ts';
import { serverNames } from '../engines.ts';
import { startInstances } from '../instances.ts';
import { hostPassword, inviteAndAccept, Jar, setUpAdmin, signIn } from '../jar.ts';
import { holdingStream } from './hold.ts';

describe.each(serverNames)('an erasure on %s', (engine) => {
  test('leaves no sign-in that was made at the same moment', async () => {
    await using instances = await startInstances(engine);
    const { first, second } = instances;
    const admin = await setUpAdmin(first);
    const email = 'henri@hillside.example';
    const { me } = await inviteAndAccept(first, admin, { name: 'Henri', email });
    const { store } = first.app;
    const person = me.id as PersonId;
    const [entry, erased] = await holdingStream(store, organisationStream, [
      () => signIn(new Jar(second), hostPassword, email),
      () => erasePerson(store, 'operator', person),
    ]);
    expect(entry.status).toBe(200);
    expect(erased.ok).toBe(true);
    for (const table of ['sign_in', 'credential', 'role'] as const) {
      const query = store.engine.read.selectFrom(table).select('person');
      expect(await query.where('person', '=', person).execute()).toEqual([]);
    }
    const payloads = store.engine.read.selectFrom('event').select('type');
    expect(
      await payloads.where('subject', '=', person).where('payload', 'is not', null).execute(),
    ).toEqual([]);
    expect((await finish(verifyLedger(store))).faults).toEqual([]);
  });
});
