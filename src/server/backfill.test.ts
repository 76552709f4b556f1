import { expect, test } from 'vitest';
import { Backfills } from './backfill.ts';

test('those who ask for the same share one reading, and later ones get a new one', async () => {
  const backfills = new Backfills();
  let readings = 0;
  const work = async () => {
    readings += 1;
    await new Promise((resolve) => setTimeout(resolve, 5));
    return { seq: readings };
  };
  const [first, second] = await Promise.all([
    backfills.read('board/0', work),
    backfills.read('board/0', work),
  ]);
  expect(first).toBe(second);
  expect(JSON.parse(String(first.data))).toEqual({ seq: 1 });
  expect((await backfills.read('board/0', work)).seq).toBe(2);
});

test('few are read at a time, and one that fails gives its place to the next', async () => {
  const backfills = new Backfills();
  let active = 0;
  let most = 0;
  const work = (index: number) => async () => {
    active += 1;
    most = Math.max(most, active);
    await new Promise((resolve) => setTimeout(resolve, 2));
    active -= 1;
    if (index % 3 === 0) throw new Error('away');
    return { seq: index };
  };
  const all = await Promise.allSettled(
    Array.from({ length: 40 }, (_, index) => backfills.read(`board/${index}`, work(index))),
  );
  expect(most).toBe(4);
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(26);
  expect((await backfills.read('after', work(1))).seq).toBe(1);
});
