import { expect, test } from 'vitest';
import { Paging } from './paging.ts';

test('a list leads to its next page, and from there back to the first', async () => {
  const paging = new Paging();
  const said = { further: 'Older ones', first: 'The newest again' };
  const [older, ...none] = paging.ways('after-50', said);
  expect([older?.label, none]).toEqual(['Older ones', []]);
  await older?.run();
  expect(paging.cursor).toBe('after-50');
  expect(paging.ways('after-100', said).map(({ label }) => label)).toEqual([
    'Older ones',
    'The newest again',
  ]);
  const [newest, ...more] = paging.ways(null, said);
  expect([newest?.label, more]).toEqual(['The newest again', []]);
  await newest?.run();
  expect(paging.ways(null, said)).toEqual([]);
});
