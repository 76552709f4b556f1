import type { Kysely } from 'kysely';
import type { Instant, PersonId } from '../core/brand.ts';
import type { Writing } from './ledger.ts';
import type { Schema } from './schema.ts';
import type { Store } from './store.ts';

/** A person's authenticator. */
export interface Totp {
  /** Base32, as otpauth has it. */
  readonly secret: string;
  readonly confirmedAt: Instant;
  /** The newest step (of 30 s) that was used. */
  readonly lastStep: number;
}

const sealIdentity = (person: string) => `totp/${person}`;

export async function loadTotp(
  { vault, organisation }: Store,
  db: Kysely<Schema>,
  person: PersonId,
): Promise<Totp | null> {
  const row = await db
    .selectFrom('totp')
    .selectAll()
    .where('organisation', '=', organisation)
    .where('person', '=', person)
    .executeTakeFirst();
  if (!row) return null;
  const { secret } = vault.openOwn<{ secret: string }>(sealIdentity(person), row.sealed);
  return { secret, confirmedAt: row.confirmed_at as Instant, lastStep: row.last_step };
}

/** Keeps an authenticator that has shown a right code, of the step `lastStep`; an earlier one is replaced. */
export async function saveTotp(
  { engine, vault, organisation }: Store,
  { tx, now }: Pick<Writing, 'tx' | 'now'>,
  person: PersonId,
  { secret, lastStep }: Pick<Totp, 'secret' | 'lastStep'>,
): Promise<void> {
  const sealed = vault.sealOwn(sealIdentity(person), { secret });
  const row = { organisation, person, sealed, confirmed_at: now, last_step: lastStep };
  await engine.upsertMany(tx, 'totp', ['organisation', 'person'], [row]);
}

/** Uses a step up: false where it, or a later one, was used already. */
export async function useTotpStep(
  { organisation }: Store,
  { tx }: Pick<Writing, 'tx'>,
  person: PersonId,
  step: number,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('totp')
    .set({ last_step: step })
    .where('organisation', '=', organisation)
    .where('person', '=', person)
    .where('last_step', '<', step)
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows) === 1;
}

/** Forgets the authenticator and its recovery codes; false where there was none. */
export async function deleteTotp(
  store: Store,
  tx: Kysely<Schema>,
  person: PersonId,
): Promise<boolean> {
  await deleteRecoveryCodes(store, tx, person);
  const { numDeletedRows } = await tx
    .deleteFrom('totp')
    .where('organisation', '=', store.organisation)
    .where('person', '=', person)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows) > 0;
}

/** Replaces a person's recovery codes. @param codes in the alphabet of base32.ts; only keyed hashes are kept */
export async function replaceRecoveryCodes(
  store: Store,
  tx: Kysely<Schema>,
  person: PersonId,
  codes: readonly string[],
): Promise<void> {
  const { engine, organisation, vault } = store;
  await deleteRecoveryCodes(store, tx, person);
  const rows = codes.map((code) => ({
    organisation,
    person,
    code_hash: vault.recoveryIndex(person, code),
  }));
  await engine.insertMany(tx, 'recovery_code', rows);
}

/** Uses a recovery code up: false where it is none of the person's, or was used. */
export async function takeRecoveryCode(
  { organisation, vault }: Store,
  { tx }: Pick<Writing, 'tx'>,
  person: PersonId,
  code: string,
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('recovery_code')
    .where('organisation', '=', organisation)
    .where('person', '=', person)
    .where('code_hash', '=', vault.recoveryIndex(person, code))
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows) === 1;
}

export async function countRecoveryCodes(
  { engine, organisation }: Store,
  person: PersonId,
): Promise<number> {
  const { n } = await engine.read
    .selectFrom('recovery_code')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('organisation', '=', organisation)
    .where('person', '=', person)
    .executeTakeFirstOrThrow();
  return Number(n);
}

async function deleteRecoveryCodes(
  { organisation }: Store,
  tx: Kysely<Schema>,
  person: PersonId,
): Promise<void> {
  await tx
    .deleteFrom('recovery_code')
    .where('organisation', '=', organisation)
    .where('person', '=', person)
    .execute();
}
