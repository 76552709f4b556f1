import { z } from 'zod';
import type { PersonId } from '../core/brand.ts';
import { type MailText, renderMail } from '../core/mail.ts';
import {
  type MailLine,
  type MailSettings,
  type MailSettingsView,
  mailSettings,
} from '../core/mail.wire.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { commit, type Writing } from '../store/ledger.ts';
import {
  claimMail,
  failStranded,
  listMail,
  type Mail,
  queueMail,
  retryMail,
  settleMail,
} from '../store/mail.ts';
import { loadSetting, saveSetting } from '../store/setting.ts';
import { organisationStream, type Store } from '../store/store.ts';
import type { App } from './app.ts';
import type { Tenure } from './lease.ts';
import { sendMail } from './mail-send.ts';

const settingName = 'mail';
const shownMail = 200;
const sealIdentity = `setting/${settingName}`;

/** As it is kept: all of it under the organisation's key, since addresses and names of users are somebody's too. */
const stored = z.strictObject({ sealed: z.string() });
/** As schema version 3 kept it, until it is set again: only the password is sealed. */
const storedBefore = mailSettings
  .omit({ password: true })
  .extend({ sealed: z.string().nullable() });

type MailServer = MailSettings & { readonly password: string };

/** The mail server with its password (empty for none), or null where none is set. */
export async function loadMailServer(store: Store, db?: Writing['tx']): Promise<MailServer | null> {
  const shape = z.union([stored, storedBefore]).nullable();
  const found = await loadSetting(store, settingName, shape, null, db);
  if (!found) return null;
  const open = <T>(sealed: string): T =>
    store.vault.openOwn<T>(sealIdentity, Buffer.from(sealed, 'base64'));
  if (!('host' in found)) return open<MailServer>(found.sealed);
  const { sealed, ...settings } = found;
  return { ...settings, password: sealed === null ? '' : open<string>(sealed) };
}

export async function presentMailSettings({ store }: App): Promise<MailSettingsView> {
  const server = await loadMailServer(store);
  if (!server) return { settings: null, hasPassword: false };
  const { password, ...settings } = server;
  return { settings, hasPassword: password !== '' };
}

/** Sets the mail server; an empty host means none. A password that is left out stays where the server is the same. */
export async function changeMailSettings(
  { store }: App,
  actor: string,
  request: MailSettings,
): Promise<{ ok: true } | Refusal> {
  const isNone = request.host.trim() === '';
  if (!isNone && !/^[^\s@<>]+@[^\s@<>]+$/.test(request.from.trim())) {
    return refuse('email-malformed');
  }
  await commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    const { password: given, ...settings } = request;
    const earlier = await loadMailServer(store, writing.tx);
    const password = given ?? (earlier && mayHear(settings, earlier) ? earlier.password : '');
    const sealed = store.vault.sealOwn(sealIdentity, { ...settings, password });
    const value = isNone ? null : { sealed: Buffer.from(sealed).toString('base64') };
    await saveSetting(store, writing, settingName, value);
    await writing.append([
      {
        stream: organisationStream,
        type: 'mail.changed',
        occurredAt: writing.now,
        actor,
        subject: null,
        facts: { set: !isNone },
        data: { before: told(earlier), after: told(isNone ? null : settings) },
      },
    ]);
  });
  return { ok: true };
}

/** The kept password goes to the server for which it was typed, and not in the clear where it did not before. */
const mayHear = (next: Omit<MailSettings, 'password'>, earlier: MailServer): boolean =>
  next.host.trim() === earlier.host.trim() &&
  (next.security !== 'none' || earlier.security === 'none');

/** What an event says of a mail server: everything but its password. */
function told(server: MailSettings | null): Partial<MailSettings> {
  const { password: _, ...settings } = server ?? ({} as Partial<MailSettings>);
  return settings;
}

/** The outbox. What a mail says is shown only where no server would send it. */
export async function presentMail(app: App): Promise<MailLine[]> {
  const hasServer = (await loadMailServer(app.store)) !== null;
  const mails = await listMail(app.store, shownMail);
  return mails.map((mail) => {
    const { subject, text } = write(app, mail);
    const { id, state, to, madeAt, sentAt, tries, dueAt, problem } = mail;
    const isWaiting = state === 'due';
    return {
      id,
      state,
      to,
      subject,
      text: hasServer || !isWaiting ? null : text,
      madeAt,
      sentAt,
      tries,
      dueAt: isWaiting && hasServer ? dueAt : null,
      problem,
    };
  });
}

/** Sends a mail to oneself, to see whether it arrives. */
export async function testMail(
  { store, directory }: App,
  person: PersonId,
): Promise<{ ok: true } | Refusal> {
  const to = (await directory.get([person])).get(person)?.email;
  if (!to) return refuse('email-malformed');
  await commit(store, (writing) => queueMail(store, writing, [{ to, template: 'test', data: {} }]));
  return { ok: true };
}

/** Tries a mail again that was given up. */
export async function tryMailAgain({ store }: App, mail: string): Promise<{ ok: true } | Refusal> {
  const found = await store.engine.write((tx) => retryMail(store, tx, mail));
  return found ? { ok: true } : refuse('not-found');
}

const write = ({ settings }: Pick<App, 'settings'>, { template, data }: Mail): MailText =>
  renderMail(template, { organisation: settings.current.name || 'Muster', ...data });

/**
 * Sends what is due, one after the other, while the lease is held. A mail that is under way at the beginning is nobody's
 * any more: whoever was sending it ended, or lost the database before it could be written down.
 */
export async function sendDueMail(app: App, tenure: Tenure): Promise<void> {
  const { store } = app;
  await failStranded(store, 'Muster was interrupted while this mail was being sent');
  const server = await loadMailServer(store);
  if (!server) return;
  while (tenure.holds() && !tenure.signal.aborted) {
    const mail = await claimMail(store);
    if (!mail) return;
    const outcome = await sendMail(server, { ...write(app, mail), id: mail.id, to: mail.to });
    await settleMail(store, mail, outcome);
  }
}
