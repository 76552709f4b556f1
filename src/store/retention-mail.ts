import { padded, type Tx } from './engine.ts';
import { listMailBefore } from './mail.ts';
import { loadPeople } from './person.ts';
import type { Store } from './store.ts';

/** A mail that was sent, or given up, long enough ago. */
export interface DueMail {
  readonly mail: string;
  readonly at: number;
}

/** Mails that are opened in one go, and deleted in one transaction. */
const pageSize = 200;

/**
 * Mails that were settled before the cut-off, a page at a time in the order in which they were made; those to whoever
 * is held are passed over.
 */
export async function* walkDueMail(
  store: Store,
  cutoff: number,
  held: ReadonlySet<string>,
): AsyncGenerator<readonly DueMail[], void> {
  const known = await loadPeople(store, store.engine.read, { person: [...held] });
  const addresses = new Set(known.flatMap(({ email }) => email?.toLowerCase() ?? []));
  for (let after = ''; ; ) {
    const mails = await listMailBefore(store, cutoff, after, pageSize);
    const free = mails.filter(({ to }) => !addresses.has(to.toLowerCase()));
    if (free.length > 0) yield free.map(({ id, dueAt }) => ({ mail: id, at: dueAt }));
    const last = mails.at(-1);
    if (!last || mails.length < pageSize) return;
    after = last.id;
  }
}

/** How many there still were. */
export async function deleteMail(
  { organisation }: Store,
  tx: Tx,
  mails: readonly DueMail[],
): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('mail')
    .where('organisation', '=', organisation)
    .where('mail', 'in', padded(mails.map(({ mail }) => mail)))
    .where('state', 'in', ['sent', 'failed'])
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
