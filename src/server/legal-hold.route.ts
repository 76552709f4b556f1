import type { z } from 'zod';
import type { PersonId } from '../core/brand.ts';
import { holdChange } from '../core/legal-hold.wire.ts';
import { changeHold } from '../store/legal-hold.ts';
import { presentHolds } from './legal-hold.ts';
import { type Route, route, signedIn } from './route.ts';

/** Whose data must be kept. */
export const legalHoldRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/legal-holds',
    needs: 'legal-hold.read',
    handle: ({ app, query }) => presentHolds(app, query.person),
  }),
  ...(['place', 'lift'] as const).map((verb) =>
    route<z.infer<typeof holdChange>>({
      method: 'POST',
      path: `/api/people/:person/legal-hold/${verb}`,
      needs: 'legal-hold.change',
      body: holdChange,
      handle: (context) =>
        changeHold(context.app.store, signedIn(context).person, context.params.person as PersonId, {
          held: verb === 'place',
          reason: context.body.reason,
        }),
    }),
  ),
];
