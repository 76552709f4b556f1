import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PersonId } from '../core/brand.ts';
import { defaultRules } from '../core/retention.ts';
import { loadPersonKeys } from './key.ts';
import { commit } from './ledger.ts';
import { changeHold } from './legal-hold.ts';
import { queueMail } from './mail.ts';
import { addMember } from './person-add.ts';
import { runRetention } from './retention.ts';
import { saveRules } from './retention-rule.ts';
import type { RunOrder } from './retention-runner.ts';
import { organisationStream, type Store } from './store.ts';
import { openThrowaway, type Throwaway } from './throwaway.ts';

const dayMs = 86_400_000;
const aDay = { count: 1, unit: 'days' as const };
let place: Throwaway;
let store: Store;
let ida: PersonId;

beforeEach(async () => {
  place = await openThrowaway({ at: '2026-11-23T08:00:00+01:00' });
  store = place.store;
  const identity = { number: '7', name: 'Ida', email: 'ida@example.org' };
  ida = ((await addMember(store, 'operator', identity)) as { person: PersonId }).person;
  await saveRules(store, 'operator', { ...defaultRules, access: aDay, mail: aDay });
});
afterEach(() => place[Symbol.asyncDispose]());

const run = (order: Partial<RunOrder> = {}) =>
  runRetention(store, { actor: 'job', zone: 'Europe/Berlin', ...order });
const hold = (held: boolean) =>
  changeHold(store, 'operator', ida, { held, reason: 'a case at court' });

/** Places a hold behind the first piece of a run. */
function holdMeanwhile() {
  let pieces = 0;
  return async () => {
    pieces += 1;
    if (pieces === 1) await hold(true);
  };
}

test('what a hold kept in the middle of a run goes once it is lifted, however far the run had come', async () => {
  const key = (await loadPersonKeys(store, store.engine.read, [ida])).get(ida) as Uint8Array;
  await commit(store, ({ now, append }) =>
    append(
      Array.from({ length: 700 }, (_, index) => ({
        stream: organisationStream,
        type: 'sign-in.refused',
        occurredAt: now,
        actor: 'phone',
        ...(index === 100
          ? { subject: ida, key, data: { address: '192.0.2.1' } }
          : { subject: null, data: { address: '192.0.2.2' } }),
      })),
    ),
  );
  place.clock.at += 3 * dayMs;
  expect(await run({ pause: holdMeanwhile() })).toMatchObject({ counts: { access: 699 } });
  await hold(false);
  expect(await run()).toMatchObject({ counts: { access: 1 } });
});

test('mails to whoever is held in the middle of a run stay', async () => {
  const mailTo = (to: string) => ({
    to,
    template: 'test' as const,
    data: {},
  });
  const others = Array.from({ length: 200 }, (_, index) => mailTo(`${index}@example.org`));
  await commit(store, async (writing) => {
    await queueMail(store, writing, others);
    await writing.tx.updateTable('mail').set({ state: 'sent' }).execute();
  });
  place.clock.at += 1;
  await commit(store, async (writing) => {
    await queueMail(store, writing, [mailTo('ida@example.org')]);
    await writing.tx.updateTable('mail').set({ state: 'sent' }).execute();
  });
  place.clock.at += 3 * dayMs;
  const brokenOff = { counts: { mail: 200 }, ended: false };
  expect(await run({ pause: holdMeanwhile() })).toMatchObject(brokenOff);
  expect(await run()).toMatchObject({ counts: {}, ended: true });
  expect(await store.engine.read.selectFrom('mail').select('state').execute()).toHaveLength(1);
});
