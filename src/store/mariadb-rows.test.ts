import { Kysely } from 'kysely';
import { beforeEach, expect, test } from 'vitest';
import type { Tx } from './engine.ts';
import { mariadbDialect } from './mariadb-dialect.ts';
import { insertRows, keeping, replacing } from './mariadb-rows.ts';

let sent: { text: string; values: readonly unknown[] }[] = [];
const tx = new Kysely({
  dialect: mariadbDialect(async (text, values) => {
    sent.push({ text, values });
    return { rows: [], affected: 0 };
  }),
}) as unknown as Tx;

beforeEach(() => {
  sent = [];
});

test('rows go in by one statement, in the order of the first one’s columns', async () => {
  await insertRows(tx, 'group', [
    { group: 'a', key: 1 },
    { key: 2, group: 'b' },
  ]);
  expect(sent).toEqual([
    {
      text: 'insert into `group` (`group`, `key`) values (?, ?), (?, ?)',
      values: ['a', 1, 'b', 2],
    },
  ]);
});

test('no rows are no statement', async () => {
  await insertRows(tx, 'group', []);
  expect(sent).toEqual([]);
});

test('what stands under the key is replaced, or left', () => {
  const rows = [{ organisation: 'o', stream: 's', seq: 1 }];
  expect(replacing('stream', ['organisation', 'stream'], rows)).toMatch(
    /^ on duplicate key update `seq` = if\(.*, values\(`seq`\), .*\)$/,
  );
  expect(replacing('stream', ['organisation', 'stream', 'seq'], rows)).toBe(keeping(rows));
  expect(keeping(rows)).toBe(' on duplicate key update `organisation` = `organisation`');
});

test('many rows and large ones are cut into statements that a server takes', async () => {
  const rows = Array.from({ length: 2_500 }, (_, index) => ({ key: `k${index}`, long: 'x' }));
  await insertRows(tx, 'note', rows);
  expect(sent.map(({ values }) => values.length / 2)).toEqual([1_000, 1_000, 500]);
  expect(sent.flatMap(({ values }) => values.filter((_, index) => index % 2 === 0))).toEqual(
    rows.map(({ key }) => key),
  );

  sent = [];
  const text = 'ü'.repeat(100_000);
  const bytes = new Uint8Array(200_000);
  await insertRows(tx, 'note', [
    ...Array.from({ length: 7 }, () => ({ key: 'a', long: text, bytes: null })),
    ...Array.from({ length: 5 }, () => ({ key: 'b', long: '', bytes })),
  ]);
  expect(sent.length).toBeGreaterThan(2);
  for (const { values } of sent) {
    const size = values.reduce<number>((sum, value) => {
      if (value instanceof Uint8Array) return sum + value.length * 2;
      return sum + Buffer.byteLength(String(value));
    }, 0);
    expect(size).toBeLessThan(1_000_000);
  }
  expect(sent.reduce((sum, { values }) => sum + values.length / 3, 0)).toBe(12);
});
