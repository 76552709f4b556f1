import type { z } from 'zod';
import {
  acceptRequest,
  type InviteRequest,
  invitationToken,
  inviteRequest,
} from '../core/account.wire.ts';
import {
  acceptInvitation,
  invite,
  presentInvitations,
  revokeInvitation,
  viewInvitation,
} from './invitation.ts';
import { type Route, route, signedIn } from './route.ts';
import { originOf, welcome } from './sign-in.route.ts';

/** Making invitations, and using them. */
export const invitationRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/invitations',
    needs: 'invitation.read',
    handle: ({ app }) => presentInvitations(app),
  }),
  route<InviteRequest>({
    method: 'POST',
    path: '/api/invitations',
    needs: 'invitation.change',
    body: inviteRequest,
    handle: (context) =>
      invite(context.app, signedIn(context).person, context.body, context.origin),
  }),
  route({
    method: 'POST',
    path: '/api/invitations/:id/revoke',
    needs: 'invitation.change',
    handle: (context) =>
      revokeInvitation(context.app, signedIn(context).person, context.params.id ?? ''),
  }),
  route<z.infer<typeof invitationToken>>({
    method: 'POST',
    path: '/api/invitation',
    needs: 'anyone',
    body: invitationToken,
    handle: ({ app, body }) => viewInvitation(app, body.token),
  }),
  route<z.infer<typeof acceptRequest>>({
    method: 'POST',
    path: '/api/invitation/accept',
    needs: 'anyone',
    body: acceptRequest,
    handle: async (context) =>
      welcome(context, await acceptInvitation(context.app, context.body, originOf(context))),
  }),
];
