import type { z } from 'zod';
import { refuse } from '../core/refusal.ts';
import { resetFinishRequest, resetRequest } from '../core/sign-in.wire.ts';
import { operator } from './gate.ts';
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
  route<z.infer<typeof resetFinishRequest>>({
    method: 'POST',
    path: '/api/password-reset/finish',
    needs: 'anyone',
    body: resetFinishRequest,
    handle: async (context) =>
      welcome(context, await finishReset(context.app, context.body, originOf(context))),
  }),
];
