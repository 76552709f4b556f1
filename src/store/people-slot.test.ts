import { expect, test } from 'vitest';
import { type Indexed, indexPerson } from './people-index.ts';
import { PeopleSlots } from './people-slot.ts';

const entryOf = (person: string, name = person): Indexed =>
  indexPerson(person, 'active', 0, { name } as never);
const names = (count: number) => Array.from({ length: count }, (_, index) => `person ${index}`);

/** Searches, and does this after the first piece. */
async function searchWhile(slots: PeopleSlots, order: readonly number[], change: () => void) {
  const shown: string[] = [];
  let pieces = 0;
  await slots.search(
    order,
    [[], 'all'],
    ({ person, name }) => shown.push(`${person}: ${name}`),
    async () => {
      pieces += 1;
      if (pieces === 2) change();
    },
  );
  return shown;
}

test('whoever searches finds everybody as they were at its beginning, whatever changes meanwhile', async () => {
  const slots = new PeopleSlots();
  const people = names(3_000);
  const order = slots
    .replace(
      people,
      people.map((person) => entryOf(person)),
    )
    .come.slice();
  const changed = [...people.slice(0, 100), ...people.slice(-100)];
  const shown = await searchWhile(slots, order, () => {
    const { gone } = slots.replace(
      changed,
      changed.map((person) => entryOf(person, 'changed')),
    );
    slots.free(gone);
    slots.free(slots.replace(['fresh'], [entryOf('fresh')]).gone);
    order.length = 0;
  });
  expect(shown).toEqual(people.map((person) => `${person}: ${person}`));
});

test('places that were given up are taken again, and whoever left has none', async () => {
  const slots = new PeopleSlots();
  const people = names(10);
  const before = slots.replace(
    people,
    people.map((person) => entryOf(person)),
  );
  const left = slots.replace(people, []);
  expect(left.gone).toEqual(before.come);
  slots.free(left.gone);
  expect(slots.size).toBe(0);
  const again = slots.replace(
    people,
    people.map((person) => entryOf(person)),
  );
  expect([...again.come].sort()).toEqual([...before.come].sort());
  expect(await searchWhile(slots, again.come, () => {})).toHaveLength(10);
});
