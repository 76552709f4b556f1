import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from '../engine.ts';

/** What several instances share: whose keys belong to the data, leases, latches, failures, one-time links. */
export async function up(
  db: Kysely<unknown>,
  { bytes, key, clustered }: ColumnTypes,
): Promise<void> {
  const table = (name: string) =>
    db.schema
      .createTable(name)
      .ifNotExists()
      .addColumn('organisation', sql.raw(key), (c) => c.notNull());
  const k = sql.raw(key);

  // of the database as a whole, like muster_schema: there before there is an organisation
  await db.schema
    .createTable('installation')
    .ifNotExists()
    .addColumn('installation', k, (c) => c.notNull())
    .addColumn('key_check', k, (c) => c.notNull())
    .addColumn('made_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('installation_pk', ['installation'])
    .execute();

  // which closings somebody's end may have interrupted
  await db.schema
    .createIndex('session_closed')
    .ifNotExists()
    .on('session')
    .columns(['organisation', 'closed_at'])
    .execute();

  await table('lease')
    .addColumn('job', k, (c) => c.notNull())
    .addColumn('holder', k, (c) => c.notNull())
    .addColumn('until', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('lease_pk', ['organisation', 'job'])
    .execute();

  await table('failure')
    .addColumn('subject', k, (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('failure', k, (c) => c.notNull())
    .addColumn('until', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('failure_pk', ['organisation', 'subject', 'at', 'failure'])
    .modifyEnd(sql.raw(clustered))
    .execute();
  await db.schema
    .createIndex('failure_until')
    .ifNotExists()
    .on('failure')
    .columns(['organisation', 'until'])
    .execute();

  await table('latch')
    .addColumn('latch', k, (c) => c.notNull())
    .addColumn('value', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('latch_pk', ['organisation', 'latch'])
    .execute();

  await table('sign_in_link')
    .addColumn('token_hash', k, (c) => c.notNull())
    .addColumn('person', k, (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('sign_in_link_pk', ['organisation', 'token_hash'])
    .execute();

  await table('instance')
    .addColumn('instance', k, (c) => c.notNull())
    .addColumn('started_at', 'bigint', (c) => c.notNull())
    .addColumn('seen_at', 'bigint', (c) => c.notNull())
    .addColumn('sealed', sql.raw(bytes), (c) => c.notNull())
    .addPrimaryKeyConstraint('instance_pk', ['organisation', 'instance'])
    .execute();

  // a digest without a key: whoever read it could try numbers until one fits. It served for two minutes
  await (db as Kysely<{ attempt: { body_digest: string } }>)
    .updateTable('attempt')
    .set({ body_digest: '' })
    .execute();
}
