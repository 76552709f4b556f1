import { expect, test } from 'vitest';
import { erasePerson } from './erasure.ts';
import { rotateMaster } from './key-rotation.ts';
import { commit } from './ledger.ts';
import { insertPeople } from './person.ts';
import { organisationStream } from './store.ts';
import { openThrowaway } from './throwaway.ts';
import { loadWrittenDown } from './written-down.ts';

test('what was written down is out of date after an erasure or a rotation, until it is written anew', async () => {
  await using place = await openThrowaway({ at: '2026-11-23T09:00:00+01:00' });
  const { store, clock } = place;
  const writeDown = () =>
    commit(store, async ({ now, lock, append }) => {
      await lock([organisationStream]);
      const made = { type: 'recovery-sheet.made', occurredAt: now, actor: 'operator' } as const;
      await append([{ stream: organisationStream, ...made, subject: null }]);
    });
  /** A second later. */
  const next = (): number => {
    clock.at += 1_000;
    return clock.at;
  };
  const somebody = { number: '1', name: 'Ada', email: null };
  const [ada] = await commit(store, (writing) => insertPeople(store, writing, 'x', [somebody]));
  if (!ada) throw new Error('nobody was added');
  expect(await loadWrittenDown(store)).toBeNull();
  const first = next();
  await writeDown();
  expect(await loadWrittenDown(store)).toEqual({ at: first, outdatedAt: null });
  const erasedAt = next();
  await erasePerson(store, 'operator', ada);
  expect(await loadWrittenDown(store)).toEqual({ at: first, outdatedAt: erasedAt });
  const second = next();
  await writeDown();
  expect(await loadWrittenDown(store)).toEqual({ at: second, outdatedAt: null });
  const rotatedAt = next();
  await rotateMaster(place.opened, place.data, 'operator', { kind: 'file' });
  expect(await loadWrittenDown(store)).toEqual({ at: second, outdatedAt: rotatedAt });
});
