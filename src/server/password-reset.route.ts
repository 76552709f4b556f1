import type { z } from 'zod';
import { refuse } from '../core/refusal.ts';
import { resetFinishRequest, resetRequest, type SignInWays } from '../core/sign-in.wire.ts';
import { operator } from './gate.ts';
import { linkOrigin } from './link-origin.ts';
import { loadMailServer } from './mail.ts';
import { siteOf } from './passkey-site.ts';
import { askReset } from './password-ask.ts';
import { finishReset, makeResetLink } from './password-reset.ts';
import { type Route, route, signedIn } from './route.ts';
import { originOf, welcome } from './sign-in.route.ts';

/** New passwords for forgotten ones. */
export const passwordResetRoutes: readonly Route[] = [
  route<z.infer<typeof resetRequest>>({
    method: 'POST',
    path: '/api/password-links',
    needs: 'sign-in-link.make',
    body: resetRequest,
    // an administrator in a browser must not choose somebody else's password: they assign one
    handle: (context) =>
      signedIn(context).person === operator
        ? makeResetLink(context.app, context.body.login, context.origin)
        : refuse('not-allowed'),
  }),
  route({
    method: 'GET',
    path: '/api/sign-in/ways',
    needs: 'anyone',
    handle: async ({ app, origin, secure }): Promise<SignInWays> => ({
      passkeys: siteOf({ origin, secure }).ways,
      resetByMail: (await loadMailServer(app.store)) !== null,
    }),
  }),
  route<z.infer<typeof resetRequest>>({
    method: 'POST',
    path: '/api/password-reset',
    needs: 'anyone',
    body: resetRequest,
    handle: (context) => {
      const { app, body, origin } = context;
      return askReset(app, body.login, originOf(context), linkOrigin(app, origin));
    },
  }),
  route<z.infer<typeof resetFinishRequest>>({
    method: 'POST',
    path: '/api/password-reset/finish',
    needs: 'anyone',
    body: resetFinishRequest,
    handle: async (context) =>
      welcome(context, await finishReset(context.app, context.body, originOf(context))),
  }),
];
