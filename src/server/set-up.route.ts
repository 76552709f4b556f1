import { type SetupRequest, setupRequest } from '../core/account.wire.ts';
import { refuse } from '../core/refusal.ts';
import { operator } from './gate.ts';
import { type Route, route, signedIn } from './route.ts';
import { presentSetup, setUp } from './set-up.ts';
import { originOf, welcome } from './sign-in.route.ts';

/** The first start. */
export const setUpRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/setup',
    needs: 'anyone',
    handle: ({ app }) => presentSetup(app),
  }),
  route<SetupRequest>({
    method: 'POST',
    path: '/api/setup',
    needs: 'anyone',
    body: setupRequest,
    handle: async (context) =>
      welcome(context, await setUp(context.app, context.body, originOf(context))),
  }),
  route({
    method: 'POST',
    path: '/api/setup-link',
    needs: 'setup-link.make',
    // whoever holds the keys could print it as well
    handle: (context) =>
      signedIn(context).person === operator
        ? { token: context.app.setUpLink.token }
        : refuse('not-allowed'),
  }),
];
