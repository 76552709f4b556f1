import type { z } from 'zod';
import { groupChange, groupRequest, hostsRequest } from '../core/group.wire.ts';
import { supervisorsRequest } from '../core/role.wire.ts';
import { updateGroup } from '../store/group.ts';
import {
  changeHosts,
  changeSupervisors,
  createGroup,
  presentGroup,
  presentGroups,
} from './group.ts';
import { groupOf, type Route, route, signedIn } from './route.ts';

/** Groups: making, changing, their hosts. */
export const groupRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/groups',
    needs: 'group.read',
    handle: (context) => presentGroups(context.app, signedIn(context)),
  }),
  route<z.infer<typeof groupRequest>>({
    method: 'POST',
    path: '/api/groups',
    needs: 'group.create',
    rehearsable: true,
    body: groupRequest,
    handle: (context) => createGroup(context.app, signedIn(context as never).person, context.body),
  }),
  route({
    method: 'GET',
    path: '/api/groups/:group',
    needs: 'group.read',
    handle: (context) => presentGroup(context.app, signedIn(context), groupOf(context)),
  }),
  route<z.infer<typeof groupChange>>({
    method: 'POST',
    path: '/api/groups/:group',
    needs: 'group.change',
    rehearsable: true,
    body: groupChange,
    handle: (context) =>
      updateGroup(
        context.app.store,
        signedIn(context as never).person,
        groupOf(context),
        context.body,
      ),
  }),
  route<z.infer<typeof hostsRequest>>({
    method: 'POST',
    path: '/api/groups/:group/hosts',
    needs: 'group.change',
    body: hostsRequest,
    handle: (context) =>
      changeHosts(
        context.app,
        signedIn(context as never).person,
        groupOf(context),
        context.body.hosts,
      ),
  }),
  route<z.infer<typeof supervisorsRequest>>({
    method: 'POST',
    path: '/api/groups/:group/supervisors',
    needs: 'supervisor.change',
    body: supervisorsRequest,
    handle: (context) =>
      changeSupervisors(
        context.app,
        signedIn(context as never).person,
        groupOf(context),
        context.body.supervisors,
      ),
  }),
];
