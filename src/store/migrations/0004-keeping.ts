import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from '../engine.ts';

/** Keeping what is there, and how long: the audit over all streams, anchors, what retention destroyed. */
export async function up(
  db: Kysely<unknown>,
  { key, long, clustered }: ColumnTypes,
): Promise<void> {
  const table = (name: string) =>
    db.schema
      .createTable(name)
      .ifNotExists()
      .addColumn('organisation', sql.raw(key), (c) => c.notNull());
  const k = sql.raw(key);
  const t = sql.raw(long);

  await table('stretch')
    .addColumn('until_at', 'bigint', (c) => c.notNull())
    .addColumn('stream', k, (c) => c.notNull())
    .addColumn('first_seq', 'bigint', (c) => c.notNull())
    .addColumn('last_seq', 'bigint', (c) => c.notNull())
    .addColumn('from_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('stretch_pk', ['organisation', 'until_at', 'stream', 'first_seq'])
    .modifyEnd(sql.raw(clustered))
    .execute();

  await table('stretch_end')
    .addColumn('stream', k, (c) => c.notNull())
    .addColumn('first_seq', 'bigint', (c) => c.notNull())
    .addColumn('last_seq', 'bigint', (c) => c.notNull())
    .addColumn('from_at', 'bigint', (c) => c.notNull())
    .addColumn('until_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('stretch_end_pk', ['organisation', 'stream'])
    .modifyEnd(sql.raw(clustered))
    .execute();

  await table('anchor')
    .addColumn('made_at', 'bigint', (c) => c.notNull())
    .addColumn('digest', k, (c) => c.notNull())
    .addColumn('streams', 'integer', (c) => c.notNull())
    .addColumn('text', t, (c) => c.notNull())
    .addPrimaryKeyConstraint('anchor_pk', ['organisation', 'made_at', 'digest'])
    .execute();

  await table('retention_run')
    .addColumn('run', 'bigint', (c) => c.notNull())
    .addColumn('began_at', 'bigint', (c) => c.notNull())
    .addColumn('actor', k, (c) => c.notNull())
    .addColumn('cutoffs', t, (c) => c.notNull())
    .addColumn('counts', t, (c) => c.notNull())
    .addColumn('ended_at', 'bigint')
    .addPrimaryKeyConstraint('retention_run_pk', ['organisation', 'run'])
    .execute();

  // how far in a stream everything of a kind is gone
  await table('retention_mark')
    .addColumn('kind', k, (c) => c.notNull())
    .addColumn('stream', k, (c) => c.notNull())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('retention_mark_pk', ['organisation', 'kind', 'stream'])
    .execute();
}
