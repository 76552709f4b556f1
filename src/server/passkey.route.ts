import type { z } from 'zod';
import { confirmRequest, passkeyRequest, passkeySignInRequest } from '../core/sign-in.wire.ts';
import { addPasskey, beginPasskey, removePasskey } from './passkey.ts';
import { challengePasskey, signInByPasskey } from './passkey-sign-in.ts';
import { type Route, route, signedIn } from './route.ts';
import { originOf, welcome } from './sign-in.route.ts';

/** Passkeys: making, removing, signing in. */
export const passkeyRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/passkey/challenge',
    needs: 'anyone',
    handle: (context) => challengePasskey(context.app, context),
  }),
  route<z.infer<typeof passkeySignInRequest>>({
    method: 'POST',
    path: '/api/passkey/sign-in',
    needs: 'anyone',
    body: passkeySignInRequest,
    handle: async (context) =>
      welcome(
        context,
        await signInByPasskey(context.app, context.body, context, originOf(context)),
      ),
  }),
  route<z.infer<typeof confirmRequest>>({
    method: 'POST',
    path: '/api/passkeys/begin',
    needs: 'account.use',
    despite: ['second-step'],
    body: confirmRequest,
    handle: (context) => beginPasskey(context.app, signedIn(context), context.body, context),
  }),
  route<z.infer<typeof passkeyRequest>>({
    method: 'POST',
    path: '/api/passkeys',
    needs: 'account.use',
    despite: ['second-step'],
    body: passkeyRequest,
    handle: (context) => addPasskey(context.app, signedIn(context), context.body, context),
  }),
  route<z.infer<typeof confirmRequest>>({
    method: 'POST',
    path: '/api/passkeys/:id/remove',
    needs: 'account.use',
    body: confirmRequest,
    handle: (context) =>
      removePasskey(
        context.app,
        signedIn(context),
        context.params.id ?? '',
        context.body,
        context.address,
      ),
  }),
];
