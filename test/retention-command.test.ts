// `muster retention` on data that no server has open.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultRules } from '../src/core/retention.ts';
import type { RetentionView } from '../src/core/retention.wire.ts';
import { takeLease } from '../src/store/lease.ts';
import { saveRules } from '../src/store/retention-rule.ts';
import type { Store } from '../src/store/store.ts';
import { type Home, openAt, openHome } from './move-place.ts';
import { Muster } from './muster.ts';

let home: Home;
beforeEach(async () => {
  home = await openHome();
});
afterEach(() => home[Symbol.asyncDispose]());

const retention = async (...args: string[]) => {
  const flags = ['--data', home.data, '--keys', home.keysFor()];
  await using muster = new Muster(home.folder, ['retention', ...args, ...flags]);
  return await muster.ended;
};

async function inStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  await using opened = await openAt({ engine: 'sqlite', folder: home.data }, home);
  return await work(opened.store);
}

test('says what goes, destroys exactly that, and nothing with --dry-run', async () => {
  const aDay = { count: 1, unit: 'days' as const };
  const rules = { ...defaultRules, evidence: aDay, access: aDay, guests: aDay };
  await inStore((store) => saveRules(store, 'operator', rules));
  const look = async () => JSON.parse((await retention('preview', '--json')).out) as RetentionView;
  const before = await look();
  expect(before.rules).toEqual(rules);
  const dry = await retention('run', '--dry-run');
  expect(dry).toMatchObject({ code: 0, err: '' });
  expect(dry.out).toMatch(/^KIND .*KEPT .*GOES NEXT .*OLDEST/);
  expect(await look()).toEqual(before);
  const { code, out } = await retention('run', '--json');
  expect(code).toBe(0);
  const due = before.due.filter(({ count }) => count > 0);
  const counts = Object.fromEntries(due.map(({ kind, count }) => [kind, count]));
  expect(JSON.parse(out)).toEqual({ counts, ended: true });
  expect((await look()).due.filter(({ count }) => count > 0)).toEqual([]);
  expect(await retention('run')).toMatchObject({ code: 0, out: 'Nothing was old enough.\n' });
});

test('is refused while another run is under way, and does not guess what was meant', async () => {
  const centuryMs = 36_500 * 86_400_000;
  await inStore((store) => takeLease(store, 'retention-run', 'another', centuryMs));
  const refused = await retention('run');
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.err).toContain('A run is under way');
  expect((await retention()).code).toBe(64);
  expect((await retention('destroy')).code).toBe(64);
});
