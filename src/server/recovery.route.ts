import type { z } from 'zod';
import { recoveryRequest } from '../core/organisation.wire.ts';
import { makeRecoverySheet } from './recovery.ts';
import { type Route, route, signedIn } from './route.ts';

/** The printable sheet that opens a backup on another machine. */
export const recoveryRoutes: readonly Route[] = [
  route<z.infer<typeof recoveryRequest>>({
    method: 'POST',
    path: '/api/recovery-sheet',
    needs: 'recovery.make',
    body: recoveryRequest,
    handle: (context) =>
      makeRecoverySheet(context.app, signedIn(context), context.body.password, context.address),
  }),
];
