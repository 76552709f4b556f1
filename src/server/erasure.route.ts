import type { z } from 'zod';
import type { PersonId } from '../core/brand.ts';
import { eraseRequest } from '../core/erasure.wire.ts';
import { eraseByName, presentErasure, presentErasures } from './erasure.ts';
import { type Route, route, signedIn } from './route.ts';

/** Erasing somebody for good, and the certificates that stay. */
export const erasureRoutes: readonly Route[] = [
  route<z.infer<typeof eraseRequest>>({
    method: 'POST',
    path: '/api/people/:person/erase',
    needs: 'people.erase',
    rehearsable: true,
    body: eraseRequest,
    handle: (context) =>
      eraseByName(context.app, signedIn(context), context.params.person as PersonId, context.body),
  }),
  route({
    method: 'GET',
    path: '/api/erasures',
    needs: 'erasure.read',
    handle: ({ app, query }) => presentErasures(app, query),
  }),
  route({
    method: 'GET',
    path: '/api/erasures/:erasure',
    needs: 'erasure.read',
    handle: ({ app, params }) => presentErasure(app, params.erasure ?? ''),
  }),
];
