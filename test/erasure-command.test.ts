// `muster erasures` on data that no server has open.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PersonId } from '../src/core/brand.ts';
import { erasePerson } from '../src/store/erasure.ts';
import { type Erasure, listErasures } from '../src/store/erasure-list.ts';
import { type Home, openAt, openHome } from './move-place.ts';
import { Muster } from './muster.ts';

let home: Home;
beforeEach(async () => {
  home = await openHome();
});
afterEach(() => home[Symbol.asyncDispose]());

const erasures = async (...args: string[]) => {
  const flags = ['--data', home.data, '--keys', home.keysFor()];
  await using muster = new Muster(home.folder, ['erasures', ...args, ...flags]);
  return await muster.ended;
};

test('lists erasures without names, and prints the certificate of one again', async () => {
  await using opened = await openAt({ engine: 'sqlite', folder: home.data }, home);
  const { store } = opened;
  const before = await listErasures(store);
  const { person } = await store.engine.read
    .selectFrom('person')
    .select('person')
    .where('state', '=', 'active')
    .where('guest_of', 'is', null)
    .where('person', 'not in', (of) => of.selectFrom('role').select('person'))
    .limit(1)
    .executeTakeFirstOrThrow();
  expect(await erasePerson(store, 'operator', person as PersonId)).toMatchObject({ ok: true });
  await opened[Symbol.asyncDispose]();
  const listed = JSON.parse((await erasures('--json')).out) as { erasures: Erasure[] };
  const [newest] = listed.erasures;
  expect(listed.erasures).toHaveLength(before.length + 1);
  expect(newest).toMatchObject({ actor: 'operator', restored: false });
  expect(newest?.erased).toContain(person);
  const { code, out } = await erasures(String(newest?.epoch));
  expect(code).toBe(0);
  expect(out).toContain(`Certificate of erasure ${newest?.epoch}\n`);
  for (const text of [person, newest?.hash]) expect(out).toContain(text);
  expect((await erasures()).out.split('\n')[0]).toMatch(/ by operator {2}1 entry$/);
  expect((await erasures('none')).err).toContain('There is no certificate "none"');
});
