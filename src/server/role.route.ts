import type { z } from 'zod';
import type { PersonId } from '../core/brand.ts';
import { rolesRequest } from '../core/role.wire.ts';
import { changeRoles, presentRoles } from './role.ts';
import { type Route, route, signedIn } from './route.ts';

/** Who has which roles. */
export const roleRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/roles',
    needs: 'role.read',
    handle: ({ app }) => presentRoles(app),
  }),
  route<z.infer<typeof rolesRequest>>({
    method: 'POST',
    path: '/api/people/:person/roles',
    needs: 'role.change',
    body: rolesRequest,
    handle: (context) =>
      changeRoles(
        context.app,
        signedIn(context as never),
        context.params.person as PersonId,
        context.body.roles,
      ),
  }),
];
