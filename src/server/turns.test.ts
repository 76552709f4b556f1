import { expect, test } from 'vitest';
import { refuse } from '../core/refusal.ts';
import { Turns } from './turns.ts';

/** Work that goes on until it is told to end. */
function makeWork(name: string, begun: string[]) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const work = () => {
    begun.push(name);
    return promise;
  };
  return { work, end: () => resolve(name), fail: () => reject(new Error(name)) };
}

test('so many at once, the others in the order in which they came', async () => {
  const turns = new Turns({ atOnce: 2, waiting: 3 });
  const begun: string[] = [];
  const works = ['a', 'b', 'c', 'd'].map((name) => makeWork(name, begun));
  const taken = works.map(({ work }) => turns.take(work));
  expect(begun).toEqual(['a', 'b']);
  works[1]?.end();
  expect(await taken[1]).toBe('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  works[0]?.fail();
  await expect(taken[0]).rejects.toThrow('a');
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  expect(turns.running).toBe(2);
  works[2]?.end();
  works[3]?.end();
  await Promise.all(taken.slice(2));
  expect(turns.running).toBe(0);
});

test('whoever finds no place to wait is refused, and the next one is not', async () => {
  const turns = new Turns({ atOnce: 1, waiting: 1 });
  const { work, end } = makeWork('a', []);
  const [first, second] = [turns.take(work), turns.take(async () => 'second')];
  expect(await turns.take(async () => 'third')).toEqual(refuse('busy'));
  end();
  expect(await Promise.all([first, second])).toEqual(['a', 'second']);
  expect(await turns.take(async () => 'later')).toBe('later');
});

test('origins take turns, and one that floods keeps nobody else out', async () => {
  const turns = new Turns({ atOnce: 1, waiting: 4 });
  const begun: string[] = [];
  const first = makeWork('first', begun);
  const taken = [turns.take(first.work, 'flood')];
  const note = (name: string) => async () => {
    begun.push(name);
    return name;
  };
  for (let each = 1; each <= 6; each += 1) taken.push(turns.take(note(`flood ${each}`), 'flood'));
  for (const name of ['home', 'school']) taken.push(turns.take(note(name), name));
  first.end();
  const outcomes = await Promise.all(taken);
  expect(begun).toEqual(['first', 'flood 1', 'home', 'school', 'flood 2']);
  const refused = outcomes.filter((outcome) => typeof outcome === 'object');
  expect(refused).toEqual([1, 2, 3, 4].map(() => refuse('busy')));
  expect(turns.running).toBe(0);
});
