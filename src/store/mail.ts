import type { Kysely } from 'kysely';
import type { Instant } from '../core/brand.ts';
import { makeId } from '../core/id.ts';
import { type MailTemplate, type MailTemplates, retryAfterMs } from '../core/mail.ts';
import type { MailState } from '../core/mail.wire.ts';
import { padded } from './engine.ts';
import type { Writing } from './ledger.ts';
import type { MailTable, Schema } from './schema.ts';
import type { Store } from './store.ts';

/** So many are named in one statement. */
const chunk = 500;

/** A mail to be sent: to whom, which, and the values it needs. */
export type MailDraft = {
  readonly [Template in MailTemplate]: {
    readonly to: string;
    readonly template: Template;
    readonly data: MailTemplates[Template];
  };
}[MailTemplate];

/** What lies sealed in a row. */
interface Sealed {
  readonly to: string;
  readonly template: MailTemplate;
  readonly data: Readonly<Record<string, string>>;
  readonly problem: string | null;
}

export interface Mail extends Sealed {
  readonly id: string;
  readonly state: MailState;
  readonly madeAt: Instant;
  readonly dueAt: Instant;
  readonly sentAt: Instant | null;
  readonly tries: number;
}

const sealIdentity = (mail: string) => `mail/${mail}`;

/** Puts mails into the outbox, in the caller's transaction: they are sent if and only if it stands. */
export async function queueMail(
  store: Store,
  { tx, now }: Pick<Writing, 'tx' | 'now'>,
  drafts: readonly MailDraft[],
): Promise<void> {
  const { engine, organisation, random } = store;
  const rows = drafts.map((draft): MailTable => {
    const mail = makeId(now, random);
    return {
      organisation,
      mail,
      state: 'due',
      due_at: now,
      made_at: now,
      tries: 0,
      sent_at: null,
      sealed: seal(store, mail, { ...draft, problem: null }),
    };
  });
  await engine.insertMany(tx, 'mail', rows);
}

const seal = (store: Store, mail: string, { to, template, data, problem }: Sealed) =>
  store.vault.sealOwn(sealIdentity(mail), { to, template, data, problem });

function read(store: Store, row: MailTable): Mail {
  return {
    ...store.vault.openOwn<Sealed>(sealIdentity(row.mail), row.sealed),
    id: row.mail,
    state: row.state as MailState,
    madeAt: row.made_at as Instant,
    dueAt: row.due_at as Instant,
    sentAt: row.sent_at as Instant | null,
    tries: row.tries,
  };
}

/** The outbox, newest first. */
export async function listMail(store: Store, limit: number): Promise<Mail[]> {
  const rows = await store.engine.read
    .selectFrom('mail')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .orderBy('mail', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => read(store, row));
}

/**
 * Takes the next mail that is due: from here on it counts as being sent, so that nobody sends it a second time.
 * Null where none is due.
 */
export async function claimMail(store: Store): Promise<Mail | null> {
  const now = store.clock.now();
  const row = await store.engine.read
    .selectFrom('mail')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .where('state', '=', 'due')
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst();
  if (!row) return null;
  const claimed = await store.engine.write(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('mail')
      .set({ state: 'sending', tries: row.tries + 1 })
      .where('organisation', '=', store.organisation)
      .where('mail', '=', row.mail)
      .where('state', '=', 'due')
      .where('due_at', '=', row.due_at)
      .executeTakeFirstOrThrow();
    return Number(numUpdatedRows) === 1;
  });
  return claimed ? { ...read(store, row), state: 'sending', tries: row.tries + 1 } : null;
}

/** What became of a try. */
export type MailOutcome =
  | { readonly kind: 'sent' }
  /** Certainly not taken: tried again later, or given up where `final`. */
  | { readonly kind: 'refused'; readonly problem: string; readonly final: boolean }
  /** Nobody knows whether it was taken: not sent again by itself. */
  | { readonly kind: 'unknown'; readonly problem: string };

/**
 * Writes down what became of a mail that was claimed. That it was sent counts whenever it is heard; all else only while
 * the claim stands: a sender who was given up must not have a mail sent again that somebody sent by hand meanwhile.
 */
export async function settleMail(store: Store, mail: Mail, outcome: MailOutcome): Promise<void> {
  const now = store.clock.now();
  const pause = outcome.kind === 'refused' && !outcome.final ? retryAfterMs(mail.tries) : null;
  const problem = outcome.kind === 'sent' ? null : outcome.problem;
  // a link in a mail that was sent must not lie about; one that failed may be tried again
  const data = outcome.kind === 'sent' ? {} : mail.data;
  await store.engine.write((tx) => {
    const settled = tx
      .updateTable('mail')
      .set({
        state: outcome.kind === 'sent' ? 'sent' : pause === null ? 'failed' : 'due',
        sent_at: outcome.kind === 'sent' ? now : null,
        due_at: now + (pause ?? 0),
        sealed: seal(store, mail.id, { ...mail, data, problem }),
      })
      .where('organisation', '=', store.organisation)
      .where('mail', '=', mail.id);
    const standing = settled.where('state', '=', 'sending').where('due_at', '=', mail.dueAt);
    return (outcome.kind === 'sent' ? settled : standing).execute();
  });
}

/** Mails whose sender ended in the middle: whether they were taken nobody knows. */
export async function failStranded(store: Store, problem: string): Promise<void> {
  const rows = await store.engine.read
    .selectFrom('mail')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .where('state', '=', 'sending')
    .execute();
  for (const row of rows) await settleMail(store, read(store, row), { kind: 'unknown', problem });
}

/** Sends a mail that failed once more; false where there is none. */
export async function retryMail(store: Store, tx: Kysely<Schema>, mail: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('mail')
    .set({ state: 'due', due_at: store.clock.now(), tries: 0 })
    .where('organisation', '=', store.organisation)
    .where('mail', '=', mail)
    .where('state', '=', 'failed')
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows) === 1;
}

/** Some mails that were sent or given up before an instant, behind one of them in the order in which they were made. */
export async function listMailBefore(
  store: Store,
  before: number,
  after: string,
  limit: number,
): Promise<Mail[]> {
  const rows = await store.engine.read
    .selectFrom('mail')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .where('mail', '>', after)
    .where('state', 'in', ['sent', 'failed'])
    .where('due_at', '<', before)
    .orderBy('mail')
    .limit(limit)
    .execute();
  return rows.map((row) => read(store, row));
}

/** Every mail to an address, the newest first. */
export async function listMailTo(
  store: Store,
  db: Kysely<Schema>,
  address: string,
): Promise<Mail[]> {
  const rows = await db
    .selectFrom('mail')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .orderBy('mail', 'desc')
    .execute();
  return rows.map((row) => read(store, row)).filter(({ to }) => to === address);
}

/** Takes every mail to these addresses, named by their indexes, out of the outbox, sent or not. */
export async function deleteMailTo(
  store: Store,
  tx: Kysely<Schema>,
  emails: ReadonlySet<string>,
): Promise<void> {
  if (emails.size === 0) return;
  const { organisation, vault } = store;
  const rows = await tx
    .selectFrom('mail')
    .selectAll()
    .where('organisation', '=', organisation)
    .execute();
  const theirs = rows.filter((row) => emails.has(vault.emailIndex(read(store, row).to)));
  for (let start = 0; start < theirs.length; start += chunk) {
    const mails = theirs.slice(start, start + chunk).map(({ mail }) => mail);
    await tx
      .deleteFrom('mail')
      .where('organisation', '=', organisation)
      .where('mail', 'in', padded(mails))
      .execute();
  }
}
