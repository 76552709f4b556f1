import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from '../engine.ts';

/** The first schema. A migration never changes after its release; it does not use the types of today's schema. */
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

  await table('organisation')
    .addColumn('name', t, (c) => c.notNull())
    .addColumn('zone', k, (c) => c.notNull())
    .addColumn('language', k, (c) => c.notNull())
    .addColumn('words', k, (c) => c.notNull())
    .addColumn('day_files', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('wrapped_key', b, (c) => c.notNull())
    .addPrimaryKeyConstraint('organisation_pk', ['organisation'])
    .execute();

  await table('person')
    .addColumn('person', k, (c) => c.notNull())
    .addColumn('number_index', k)
    .addColumn('email_index', k)
    .addColumn('guest_of', k)
    .addColumn('state', k, (c) => c.notNull())
    .addColumn('merged_into', k)
    .addColumn('sealed', b)
    .addColumn('added_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('person_pk', ['organisation', 'person'])
    .addUniqueConstraint('person_number', ['organisation', 'number_index'])
    .addUniqueConstraint('person_email', ['organisation', 'email_index'])
    .execute();

  await table('person_key')
    .addColumn('person', k, (c) => c.notNull())
    .addColumn('epoch', 'integer', (c) => c.notNull())
    .addColumn('wrapped', b, (c) => c.notNull())
    .addPrimaryKeyConstraint('person_key_pk', ['organisation', 'person'])
    .modifyEnd(sql.raw(clustered))
    .execute();

  await table('role')
    .addColumn('person', k, (c) => c.notNull())
    .addColumn('role', k, (c) => c.notNull())
    .addPrimaryKeyConstraint('role_pk', ['organisation', 'person', 'role'])
    .execute();

  await table('credential')
    .addColumn('person', k, (c) => c.notNull())
    .addColumn('hash', t, (c) => c.notNull())
    .addColumn('changed_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('credential_pk', ['organisation', 'person'])
    .execute();

  await table('sign_in')
    .addColumn('sign_in', k, (c) => c.notNull())
    .addColumn('person', k, (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('seen_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addColumn('sealed', b, (c) => c.notNull())
    .addPrimaryKeyConstraint('sign_in_pk', ['organisation', 'sign_in'])
    .execute();
  await db.schema
    .createIndex('sign_in_person')
    .ifNotExists()
    .on('sign_in')
    .columns(['organisation', 'person'])
    .execute();

  await table('invitation')
    .addColumn('invitation', k, (c) => c.notNull())
    .addColumn('token_hash', k, (c) => c.notNull())
    .addColumn('role', k, (c) => c.notNull())
    .addColumn('groups', t, (c) => c.notNull())
    .addColumn('sealed', b, (c) => c.notNull())
    .addColumn('created_by', k, (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addColumn('used_at', 'bigint')
    .addColumn('revoked_at', 'bigint')
    .addPrimaryKeyConstraint('invitation_pk', ['organisation', 'invitation'])
    .addUniqueConstraint('invitation_token', ['organisation', 'token_hash'])
    .execute();

  await table('group')
    .addColumn('group', k, (c) => c.notNull())
    .addColumn('sealed', b, (c) => c.notNull())
    .addColumn('settings', t, (c) => c.notNull())
    .addColumn('archived', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('group_pk', ['organisation', 'group'])
    .execute();

  await table('group_host')
    .addColumn('group', k, (c) => c.notNull())
    .addColumn('person', k, (c) => c.notNull())
    .addPrimaryKeyConstraint('group_host_pk', ['organisation', 'group', 'person'])
    .execute();
  await db.schema
    .createIndex('group_host_person')
    .ifNotExists()
    .on('group_host')
    .columns(['organisation', 'person'])
    .execute();

  await table('enrolment')
    .addColumn('group', k, (c) => c.notNull())
    .addColumn('person', k, (c) => c.notNull())
    .addColumn('from_date', k, (c) => c.notNull())
    .addColumn('until_date', k)
    .addPrimaryKeyConstraint('enrolment_pk', ['organisation', 'group', 'person'])
    .modifyEnd(sql.raw(clustered))
    .execute();
  await db.schema
    .createIndex('enrolment_person')
    .ifNotExists()
    .on('enrolment')
    .columns(['organisation', 'person'])
    .execute();

  await table('session')
    .addColumn('session', k, (c) => c.notNull())
    .addColumn('code', k)
    .addColumn('group', k)
    .addColumn('sealed', b, (c) => c.notNull())
    .addColumn('state', k, (c) => c.notNull())
    .addColumn('starts_at', 'bigint', (c) => c.notNull())
    .addColumn('ends_at', 'bigint')
    .addColumn('closed_at', 'bigint')
    .addColumn('date', k, (c) => c.notNull())
    .addColumn('settings', t, (c) => c.notNull())
    .addColumn('code_epoch', 'integer', (c) => c.notNull())
    .addColumn('paused', 'integer', (c) => c.notNull())
    .addColumn('origin', t)
    .addColumn('created_by', k, (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('session_pk', ['organisation', 'session'])
    .addUniqueConstraint('session_code', ['code'])
    .execute();
  await db.schema
    .createIndex('session_group')
    .ifNotExists()
    .on('session')
    .columns(['organisation', 'group', 'starts_at'])
    .execute();
  await db.schema
    .createIndex('session_date')
    .ifNotExists()
    .on('session')
    .columns(['organisation', 'date'])
    .execute();
  await db.schema
    .createIndex('session_state')
    .ifNotExists()
    .on('session')
    .columns(['organisation', 'state'])
    .execute();

  await table('stream')
    .addColumn('stream', k, (c) => c.notNull())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .addColumn('hash', k, (c) => c.notNull())
    .addPrimaryKeyConstraint('stream_pk', ['organisation', 'stream'])
    .modifyEnd(sql.raw(clustered))
    .execute();

  await table('event')
    .addColumn('stream', k, (c) => c.notNull())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .addColumn('id', k, (c) => c.notNull())
    .addColumn('type', k, (c) => c.notNull())
    .addColumn('occurred_at', 'bigint', (c) => c.notNull())
    .addColumn('received_at', 'bigint', (c) => c.notNull())
    .addColumn('actor', k, (c) => c.notNull())
    .addColumn('subject', k)
    .addColumn('facts', t, (c) => c.notNull())
    .addColumn('payload', b)
    .addColumn('digest', k, (c) => c.notNull())
    .addColumn('hash', k, (c) => c.notNull())
    .addPrimaryKeyConstraint('event_pk', ['organisation', 'stream', 'seq'])
    .modifyEnd(sql.raw(clustered))
    .execute();

  await table('record')
    .addColumn('session', k, (c) => c.notNull())
    .addColumn('person', k, (c) => c.notNull())
    .addColumn('status', k)
    .addColumn('at', 'bigint')
    .addColumn('minutes_late', 'integer', (c) => c.notNull())
    .addColumn('how', k)
    .addColumn('pending', 'integer', (c) => c.notNull())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('record_pk', ['organisation', 'session', 'person'])
    .modifyEnd(sql.raw(clustered))
    .execute();

  await table('attempt')
    .addColumn('ticket', k, (c) => c.notNull())
    .addColumn('attempt', k, (c) => c.notNull())
    .addColumn('browser', k, (c) => c.notNull())
    .addColumn('body_digest', k, (c) => c.notNull())
    .addColumn('session', k, (c) => c.notNull())
    .addColumn('person', k, (c) => c.notNull())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('attempt_pk', ['organisation', 'ticket'])
    .modifyEnd(sql.raw(clustered))
    .addUniqueConstraint('attempt_id', ['organisation', 'attempt'])
    .execute();

  await table('claim')
    .addColumn('session', k, (c) => c.notNull())
    .addColumn('browser', k, (c) => c.notNull())
    .addColumn('person', k, (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('via', k, (c) => c.notNull())
    .addPrimaryKeyConstraint('claim_pk', ['organisation', 'session', 'browser'])
    .modifyEnd(sql.raw(clustered))
    .execute();
}
