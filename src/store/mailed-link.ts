import type { Kysely } from 'kysely';
import type { Instant, PersonId } from '../core/brand.ts';
import { padded } from './engine.ts';
import type { Writing } from './ledger.ts';
import type { Schema } from './schema.ts';
import type { Store } from './store.ts';

/** What a mailed link is good for. */
export type LinkPurpose = 'password' | 'registration';

/** A link that was mailed. `data` is what the purpose needs besides the person. */
export interface MailedLink {
  readonly person: PersonId | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly expiresAt: Instant;
}

const sealIdentity = (tokenHash: string) => `mailed_link/${tokenHash}`;

/** Keeps a link by its token's hash. A person's earlier links of the same purpose go: only the newest works. */
export async function insertMailedLink(
  store: Store,
  { tx }: Pick<Writing, 'tx'>,
  purpose: LinkPurpose,
  tokenHash: string,
  { person, data, expiresAt }: MailedLink,
): Promise<void> {
  const { organisation, engine, vault } = store;
  if (person !== null) await deleteMailedLinks(store, tx, [person], purpose);
  const sealed = vault.sealOwn(sealIdentity(tokenHash), data);
  const row = { organisation, token_hash: tokenHash, purpose, person, sealed };
  await engine.insertMany(tx, 'mailed_link', [{ ...row, expires_at: expiresAt }]);
}

/** The link behind a token while it is good; using it up is `takeMailedLink`. */
export async function findMailedLink(
  store: Store,
  db: Kysely<Schema>,
  purpose: LinkPurpose,
  tokenHash: string,
  now: Instant,
): Promise<MailedLink | null> {
  const row = await db
    .selectFrom('mailed_link')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .where('token_hash', '=', tokenHash)
    .where('purpose', '=', purpose)
    .executeTakeFirst();
  if (!row || row.expires_at <= now) return null;
  return {
    person: row.person as PersonId | null,
    data: store.vault.openOwn(sealIdentity(tokenHash), row.sealed),
    expiresAt: row.expires_at as Instant,
  };
}

/** Uses a link up: null where it is unknown, used or over. Of many at once one gets it. */
export async function takeMailedLink(
  store: Store,
  { tx, now }: Pick<Writing, 'tx' | 'now'>,
  purpose: LinkPurpose,
  tokenHash: string,
): Promise<MailedLink | null> {
  const link = await findMailedLink(store, tx, purpose, tokenHash, now);
  if (!link) return null;
  const { numDeletedRows } = await tx
    .deleteFrom('mailed_link')
    .where('organisation', '=', store.organisation)
    .where('token_hash', '=', tokenHash)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows) === 1 ? link : null;
}

/** Takes back people's links of a purpose. */
export async function deleteMailedLinks(
  { organisation }: Store,
  tx: Kysely<Schema>,
  people: readonly PersonId[],
  purpose: LinkPurpose,
): Promise<void> {
  if (people.length === 0) return;
  await tx
    .deleteFrom('mailed_link')
    .where('organisation', '=', organisation)
    .where('person', 'in', padded(people))
    .where('purpose', '=', purpose)
    .execute();
}

/** Takes away the links whose data name these addresses: of people who were not known when they asked. */
export async function deleteLinksTo(
  { organisation, vault }: Store,
  tx: Kysely<Schema>,
  emails: ReadonlySet<string>,
): Promise<void> {
  if (emails.size === 0) return;
  const rows = await tx
    .selectFrom('mailed_link')
    .select(['token_hash', 'sealed'])
    .where('organisation', '=', organisation)
    .execute();
  for (const { token_hash, sealed } of rows) {
    const { email } = vault.openOwn<{ email?: unknown }>(sealIdentity(token_hash), sealed);
    if (typeof email !== 'string' || !emails.has(vault.emailIndex(email))) continue;
    await tx
      .deleteFrom('mailed_link')
      .where('organisation', '=', organisation)
      .where('token_hash', '=', token_hash)
      .execute();
  }
}
