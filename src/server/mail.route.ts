import { type MailSettings, mailSettings } from '../core/mail.wire.ts';
import {
  changeMailSettings,
  presentMail,
  presentMailSettings,
  testMail,
  tryMailAgain,
} from './mail.ts';
import { type Route, route, signedIn } from './route.ts';

/** The mail server and the outbox, for administrators. */
export const mailRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/mail/settings',
    needs: 'mail.read',
    handle: ({ app }) => presentMailSettings(app),
  }),
  route<MailSettings>({
    method: 'POST',
    path: '/api/mail/settings',
    needs: 'mail.change',
    body: mailSettings,
    handle: (context) => changeMailSettings(context.app, signedIn(context).person, context.body),
  }),
  route({
    method: 'GET',
    path: '/api/mail',
    needs: 'mail.read',
    reads: 'mail.read',
    handle: ({ app }) => presentMail(app),
  }),
  route({
    method: 'POST',
    path: '/api/mail/test',
    needs: 'mail.change',
    handle: (context) => testMail(context.app, signedIn(context).person),
  }),
  route({
    method: 'POST',
    path: '/api/mail/:mail/retry',
    needs: 'mail.change',
    handle: (context) => tryMailAgain(context.app, context.params.mail ?? ''),
  }),
];
