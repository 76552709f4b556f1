import type { z } from 'zod';
import { passwordRequest } from '../core/account.wire.ts';
import { listPastSignIns } from '../store/sign-in-past.ts';
import {
  changePassword,
  presentHosts,
  presentMe,
  presentSignIns,
  renewSecret,
  revokeSignIn,
} from './account.ts';
import { Answer, type Route, route, signedIn } from './route.ts';
import { setSignInCookie } from './sign-in-cookie.ts';

/** The signed-in person's own account. */
export const accountRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/me',
    needs: 'account.use',
    despite: ['password', 'second-step'],
    async handle(context) {
      const { app, cookies, origin } = context;
      const me = await presentMe(app, signedIn(context).person);
      const renewed = await renewSecret(app, cookies);
      if (!renewed) return me;
      const cookie = setSignInCookie(renewed.secret, origin, renewed.remainingMs);
      return new Answer(me, { headers: { 'set-cookie': cookie } });
    },
  }),
  route({
    method: 'GET',
    path: '/api/sign-ins',
    needs: 'account.use',
    handle: (context) => presentSignIns(context.app, signedIn(context)),
  }),
  route({
    method: 'GET',
    path: '/api/sign-in-history',
    needs: 'account.use',
    handle: ({ app, me }) => listPastSignIns(app.store, signedIn({ me }).person),
  }),
  route({
    method: 'POST',
    path: '/api/sign-ins/:id/revoke',
    needs: 'account.use',
    handle: (context) => revokeSignIn(context.app, signedIn(context), context.params.id ?? ''),
  }),
  route<z.infer<typeof passwordRequest>>({
    method: 'POST',
    path: '/api/password',
    needs: 'account.use',
    despite: ['password', 'second-step'],
    body: passwordRequest,
    handle: (context) =>
      changePassword(context.app, signedIn(context), context.body, context.address),
  }),
  route({
    method: 'GET',
    path: '/api/hosts',
    needs: 'host.read',
    handle: ({ app }) => presentHosts(app),
  }),
];
