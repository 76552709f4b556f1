import type { MailLine, MailSettings, MailSettingsView } from '../core/mail.wire.ts';
import type { Send } from './request.ts';

export const loadMailSettings = (send: Send) => send<MailSettingsView>('GET', '/api/mail/settings');

export const saveMailSettings = (send: Send, settings: MailSettings) =>
  send<unknown>('POST', '/api/mail/settings', settings);

/** The outbox, newest first. */
export const listMail = (send: Send) => send<readonly MailLine[]>('GET', '/api/mail');

/** Sends a mail to oneself. */
export const sendTestMail = (send: Send) => send<unknown>('POST', '/api/mail/test');

export const retryMail = (send: Send, mail: string) =>
  send<unknown>('POST', `/api/mail/${mail}/retry`);
