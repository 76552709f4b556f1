import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from '../engine.ts';

/** People, second factors, mail, retention, terminals. */
export async function up(
  db: Kysely<unknown>,
  { bytes, key, long, clustered }: ColumnTypes,
): Promise<void> {
  const table = (name: string) =>
    db.schema
      .createTable(name)
      .ifNotExists()
      .addColumn('organisation', sql.raw(key), (c) => c.notNull());
  const k = sql.raw(key);
  const b = sql.raw(bytes);
  const t = sql.raw(long);

  await table('setting')
    .addColumn('setting', k, (c) => c.notNull())
    .addColumn('value', t, (c) => c.notNull())
    .addPrimaryKeyConstraint('setting_pk', ['organisation', 'setting'])
    .execute();

  await table('group_supervisor')
    .addColumn('group', k, (c) => c.notNull())
    .addColumn('person', k, (c) => c.notNull())
    .addPrimaryKeyConstraint('group_supervisor_pk', ['organisation', 'group', 'person'])
    .execute();
  await db.schema
    .createIndex('group_supervisor_person')
    .ifNotExists()
    .on('group_supervisor')
    .columns(['organisation', 'person'])
    .execute();

  await table('guarded_enrolment')
    .addColumn('group', k, (c) => c.notNull())
    .addColumn('person', k, (c) => c.notNull())
    .addPrimaryKeyConstraint('guarded_enrolment_pk', ['organisation', 'group', 'person'])
    .execute();

  await table('retired_number')
    .addColumn('number_index', k, (c) => c.notNull())
    .addColumn('person', k)
    .addPrimaryKeyConstraint('retired_number_pk', ['organisation', 'number_index'])
    .execute();

  await table('assigned_password')
    .addColumn('person', k, (c) => c.notNull())
    .addColumn('assigned_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('assigned_password_pk', ['organisation', 'person'])
    .execute();

  await table('pin')
    .addColumn('person', k, (c) => c.notNull())
    .addColumn('hash', t, (c) => c.notNull())
    .addColumn('changed_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('pin_pk', ['organisation', 'person'])
    .execute();

  await table('passkey')
    .addColumn('passkey', k, (c) => c.notNull())
    .addColumn('person', k, (c) => c.notNull())
    .addColumn('public_key', b, (c) => c.notNull())
    .addColumn('counter', 'bigint', (c) => c.notNull())
    .addColumn('sealed', b, (c) => c.notNull())
    .addColumn('made_at', 'bigint', (c) => c.notNull())
    .addColumn('used_at', 'bigint')
    .addPrimaryKeyConstraint('passkey_pk', ['organisation', 'passkey'])
    .execute();
  await db.schema
    .createIndex('passkey_person')
    .ifNotExists()
    .on('passkey')
    .columns(['organisation', 'person'])
    .execute();

  await table('challenge')
    .addColumn('challenge', k, (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('challenge_pk', ['organisation', 'challenge'])
    .execute();

  await table('totp')
    .addColumn('person', k, (c) => c.notNull())
    .addColumn('sealed', b, (c) => c.notNull())
    .addColumn('confirmed_at', 'bigint')
    .addColumn('last_step', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('totp_pk', ['organisation', 'person'])
    .execute();

  await table('recovery_code')
    .addColumn('person', k, (c) => c.notNull())
    .addColumn('code_hash', k, (c) => c.notNull())
    .addPrimaryKeyConstraint('recovery_code_pk', ['organisation', 'person', 'code_hash'])
    .execute();

  await table('mailed_link')
    .addColumn('token_hash', k, (c) => c.notNull())
    .addColumn('purpose', k, (c) => c.notNull())
    .addColumn('person', k)
    .addColumn('sealed', b, (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('mailed_link_pk', ['organisation', 'token_hash'])
    .execute();

  await table('mail')
    .addColumn('mail', k, (c) => c.notNull())
    .addColumn('state', k, (c) => c.notNull())
    .addColumn('due_at', 'bigint', (c) => c.notNull())
    .addColumn('made_at', 'bigint', (c) => c.notNull())
    .addColumn('tries', 'integer', (c) => c.notNull())
    .addColumn('sent_at', 'bigint')
    .addColumn('sealed', b, (c) => c.notNull())
    .addPrimaryKeyConstraint('mail_pk', ['organisation', 'mail'])
    .execute();
  await db.schema
    .createIndex('mail_due')
    .ifNotExists()
    .on('mail')
    .columns(['organisation', 'state', 'due_at'])
    .execute();

  await table('legal_hold')
    .addColumn('person', k, (c) => c.notNull())
    .addColumn('placed_at', 'bigint', (c) => c.notNull())
    .addColumn('placed_by', k, (c) => c.notNull())
    .addColumn('sealed', b, (c) => c.notNull())
    .addPrimaryKeyConstraint('legal_hold_pk', ['organisation', 'person'])
    .execute();

  await table('terminal')
    .addColumn('terminal', k, (c) => c.notNull())
    .addColumn('token_hash', k, (c) => c.notNull())
    .addColumn('sealed', b, (c) => c.notNull())
    .addColumn('paired_at', 'bigint', (c) => c.notNull())
    .addColumn('seen_at', 'bigint')
    .addColumn('revoked_at', 'bigint')
    .addPrimaryKeyConstraint('terminal_pk', ['organisation', 'terminal'])
    .modifyEnd(sql.raw(clustered))
    .execute();
}
