import type { PersonId } from '../core/brand.ts';
import type { Writing } from './ledger.ts';
import type { Store } from './store.ts';

const lifeMs = 10 * 60_000;
const maxOpen = 100;

/** Keeps a link for ten minutes, by its token's hash; of too many open ones the oldest go. */
export async function insertSignInLink(
  { engine, organisation }: Store,
  { tx, now }: Writing,
  tokenHash: string,
  person: PersonId,
): Promise<void> {
  const rows = await tx
    .selectFrom('sign_in_link')
    .select(['token_hash', 'expires_at'])
    .where('organisation', '=', organisation)
    .orderBy('expires_at', 'desc')
    .execute();
  const gone = rows.filter((row, index) => row.expires_at <= now || index >= maxOpen - 1);
  if (gone.length > 0) {
    await tx
      .deleteFrom('sign_in_link')
      .where('organisation', '=', organisation)
      .where(
        'token_hash',
        'in',
        gone.map((row) => row.token_hash),
      )
      .execute();
  }
  const row = { organisation, token_hash: tokenHash, person, expires_at: now + lifeMs };
  await engine.insertMany(tx, 'sign_in_link', [row]);
}

/** Uses a link up: the person it is for, or null where it is unknown, used or over. Of many at once one gets it. */
export async function takeSignInLink(
  { organisation }: Store,
  { tx, now }: Writing,
  tokenHash: string,
): Promise<PersonId | null> {
  const row = await tx
    .selectFrom('sign_in_link')
    .selectAll()
    .where('organisation', '=', organisation)
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst();
  if (!row) return null;
  const { numDeletedRows } = await tx
    .deleteFrom('sign_in_link')
    .where('organisation', '=', organisation)
    .where('token_hash', '=', tokenHash)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows) === 1 && row.expires_at > now ? (row.person as PersonId) : null;
}
