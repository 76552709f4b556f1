import type { Kysely } from 'kysely';
import type { Role } from '../core/account.wire.ts';
import type { PersonId } from '../core/brand.ts';
import { type Must, type SecondStepSetting, secondStepSetting } from '../core/sign-in.wire.ts';
import type { Schema } from './schema.ts';
import { loadSetting } from './setting.ts';
import type { Store } from './store.ts';

/** Name of the setting that says who needs a second step. */
export const secondStepName = 'second-step';

export const loadSecondStepSetting = (
  store: Store,
  db: Kysely<Schema> = store.engine.read,
): Promise<SecondStepSetting> =>
  loadSetting(store, secondStepName, secondStepSetting, { admins: false }, db);

/** Whether the organisation wants a second step of somebody with these roles. */
export async function needsSecondStep(
  store: Store,
  db: Kysely<Schema>,
  roles: ReadonlySet<Role>,
): Promise<boolean> {
  return roles.has('admin') && (await loadSecondStepSetting(store, db)).admins;
}

/** What a person can prove besides a password. */
export async function loadProofs(
  { organisation }: Store,
  db: Kysely<Schema>,
  person: PersonId,
): Promise<{ totp: boolean; passkey: boolean }> {
  const [totp, passkey] = await Promise.all([
    db
      .selectFrom('totp')
      .select('person')
      .where('organisation', '=', organisation)
      .where('person', '=', person)
      .executeTakeFirst(),
    db
      .selectFrom('passkey')
      .select('person')
      .where('organisation', '=', organisation)
      .where('person', '=', person)
      .limit(1)
      .executeTakeFirst(),
  ]);
  return { totp: totp !== undefined, passkey: passkey !== undefined };
}

/** `second-step` for somebody of whom one is wanted and who has none. */
export async function checkSecondStep(
  store: Store,
  person: PersonId,
  roles: ReadonlySet<Role>,
): Promise<Must | null> {
  const { read } = store.engine;
  if (!(await needsSecondStep(store, read, roles))) return null;
  const { totp, passkey } = await loadProofs(store, read, person);
  return totp || passkey ? null : 'second-step';
}

/** What a person has to do before anything else. */
export async function loadMust(
  store: Store,
  person: PersonId,
  roles: ReadonlySet<Role>,
): Promise<Must | null> {
  const assigned = await store.engine.read
    .selectFrom('assigned_password')
    .select('person')
    .where('organisation', '=', store.organisation)
    .where('person', '=', person)
    .executeTakeFirst();
  return assigned ? 'password' : checkSecondStep(store, person, roles);
}
