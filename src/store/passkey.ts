import type { Kysely } from 'kysely';
import type { Instant, PersonId } from '../core/brand.ts';
import type { Writing } from './ledger.ts';
import type { PasskeyTable, Schema } from './schema.ts';
import type { Store } from './store.ts';

/** What lies sealed in a passkey's row. */
interface Sealed {
  /** The credential's id as the authenticator knows it, base64url. */
  readonly credential: string;
  readonly name: string;
  readonly transports: readonly string[];
  /** The name of the site (rpId) for which it was made: it works nowhere else. */
  readonly site: string;
}

/** A public key of a person's authenticator. */
export interface StoredPasskey extends Sealed {
  /** SHA-256 of the credential's id: ids may be longer than a key of a table. */
  readonly id: string;
  readonly person: PersonId;
  readonly publicKey: Uint8Array;
  /** What the authenticator counted at its last use; 0 where it does not count. */
  readonly counter: number;
  readonly madeAt: Instant;
  readonly usedAt: Instant | null;
}

const sealIdentity = (id: string) => `passkey/${id}`;

function read({ vault }: Store, row: PasskeyTable): StoredPasskey {
  return {
    ...vault.openOwn<Sealed>(sealIdentity(row.passkey), row.sealed),
    id: row.passkey,
    person: row.person as PersonId,
    publicKey: new Uint8Array(row.public_key),
    counter: row.counter,
    madeAt: row.made_at as Instant,
    usedAt: row.used_at as Instant | null,
  };
}

/** @throws a unique violation where the credential is known already */
export async function insertPasskey(
  { engine, organisation, vault }: Store,
  { tx, now }: Pick<Writing, 'tx' | 'now'>,
  passkey: Omit<StoredPasskey, 'madeAt' | 'usedAt'>,
): Promise<void> {
  const { id, person, publicKey, counter, credential, name, transports, site } = passkey;
  const sealed: Sealed = { credential, name, transports, site };
  await engine.insertMany(tx, 'passkey', [
    {
      organisation,
      passkey: id,
      person,
      public_key: publicKey,
      counter,
      sealed: vault.sealOwn(sealIdentity(id), sealed),
      made_at: now,
      used_at: null,
    },
  ]);
}

/** The passkey of somebody who may sign in, or null. */
export async function findPasskey(
  store: Store,
  db: Kysely<Schema>,
  id: string,
): Promise<StoredPasskey | null> {
  const row = await db
    .selectFrom('passkey as k')
    .innerJoin('person as p', (join) =>
      join.onRef('p.organisation', '=', 'k.organisation').onRef('p.person', '=', 'k.person'),
    )
    .selectAll('k')
    .where('k.organisation', '=', store.organisation)
    .where('k.passkey', '=', id)
    .where('p.state', '=', 'active')
    .executeTakeFirst();
  return row ? read(store, row) : null;
}

/** A person's passkeys, oldest first. */
export async function listPasskeys(
  store: Store,
  db: Kysely<Schema>,
  person: PersonId,
): Promise<StoredPasskey[]> {
  const rows = await db
    .selectFrom('passkey')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .where('person', '=', person)
    .orderBy('made_at')
    .execute();
  return rows.map((row) => read(store, row));
}

/** Writes down that a passkey was used. */
export async function notePasskeyUse(
  { organisation }: Store,
  { tx, now }: Pick<Writing, 'tx' | 'now'>,
  id: string,
  counter: number,
): Promise<void> {
  await tx
    .updateTable('passkey')
    .set({ counter, used_at: now })
    .where('organisation', '=', organisation)
    .where('passkey', '=', id)
    .execute();
}

/** Forgets one of a person's passkeys, or all; how many there were. */
export async function deletePasskeys(
  { organisation }: Store,
  tx: Kysely<Schema>,
  person: PersonId,
  id?: string,
): Promise<number> {
  let query = tx
    .deleteFrom('passkey')
    .where('organisation', '=', organisation)
    .where('person', '=', person);
  if (id !== undefined) query = query.where('passkey', '=', id);
  const { numDeletedRows } = await query.executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/**
 * Uses a challenge up: false where it was used before. The caller holds a stream that all who do this hold. What has
 * expired is refused by its signature, so its row can go (housekeeping.ts).
 */
export async function claimChallenge(
  { engine, organisation }: Store,
  { tx }: Pick<Writing, 'tx'>,
  challenge: string,
  expiresAt: Instant,
): Promise<boolean> {
  const used = await tx
    .selectFrom('challenge')
    .select('challenge')
    .where('organisation', '=', organisation)
    .where('challenge', '=', challenge)
    .executeTakeFirst();
  if (used) return false;
  await engine.insertMany(tx, 'challenge', [{ organisation, challenge, expires_at: expiresAt }]);
  return true;
}
