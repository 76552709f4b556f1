import type { TestServer } from './app.ts';

type Stored = Pick<TestServer<unknown>, 'app'>;

/** How many rows a table of accounts has: a race is judged by what it left. */
export async function countRows(
  { app }: Stored,
  table: 'person' | 'role' | 'credential' | 'sign_in' | 'mailed_link',
): Promise<number> {
  const row = await app.store.engine.read
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return row.n;
}

/** Types of all events, in the order in which they came. */
export async function eventTypes({ app }: Stored): Promise<string[]> {
  const rows = await app.store.engine.read
    .selectFrom('event')
    .select('type')
    .orderBy('received_at')
    .orderBy('seq')
    .execute();
  return rows.map(({ type }) => type);
}
