import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldQuery } from '../core/search.ts';
import { indexPerson, rank } from './people-index.ts';
import { PeopleSketches, sketchWanted } from './people-sketch.ts';

const letters = fc.constantFrom(...'aábcDß佐藤Шवж7 .-’@\u{1d4d0}');
const text = fc.string({ unit: letters, maxLength: 24 });
const identity = fc.record({ name: text, number: fc.option(text), email: fc.option(text) });
const state = fc.constantFrom('active', 'inactive');

test('whoever is found has a sketch that matches', () => {
  fc.assert(
    fc.property(identity, state, text, fc.nat(3_000), (known, state, query, slot) => {
      const indexed = indexPerson('p', state, 0, known as never);
      const sketches = new PeopleSketches();
      sketches.set(slot, indexed.text, indexed.state);
      const words = foldQuery(query);
      const isFound = rank(indexed, words) !== null;
      for (const wanted of [state, 'all'] as const) {
        if (isFound) expect(sketches.matches(slot, sketchWanted(words, wanted))).toBe(true);
      }
      const other = state === 'active' ? 'inactive' : 'active';
      expect(sketches.matches(slot, sketchWanted([], other))).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

test('of people with other names, few match', () => {
  const sketches = new PeopleSketches();
  for (let index = 0; index < 1_000; index += 1) {
    const name = `${String.fromCharCode(97 + (index % 26))}${index.toString(26)} Smith`;
    sketches.set(index, indexPerson('p', 'active', 0, { name } as never).text, 'active');
  }
  const matching = (query: string) => {
    const wanted = sketchWanted(foldQuery(query), 'active');
    return Array.from({ length: 1_000 }, (_, slot) => slot).filter((slot) =>
      sketches.matches(slot, wanted),
    ).length;
  };
  expect(matching('smi')).toBe(1_000);
  expect(matching('okafor')).toBeLessThan(50);
});

test('what stood in a place before is forgotten', () => {
  const sketches = new PeopleSketches();
  sketches.set(3, ' amara', 'active');
  sketches.set(3, ' ben', 'inactive');
  expect(sketches.matches(3, sketchWanted([' amara'], 'all'))).toBe(false);
  expect(sketches.matches(3, sketchWanted([' ben'], 'inactive'))).toBe(true);
});
