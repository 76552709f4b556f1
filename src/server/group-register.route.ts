import { presentRegister } from './group-register.ts';
import { groupOf, type Route, route } from './route.ts';

/** The term register of a group. */
export const groupRegisterRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/groups/:group/register',
    needs: 'group.read',
    reads: 'register.read',
    handle: (context) => presentRegister(context.app, groupOf(context)),
  }),
];
