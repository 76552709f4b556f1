import type {
  Host,
  Invitation,
  InvitationView,
  InviteRequest,
  Me,
  SetupRequest,
  SetupState,
  SignIn,
  SignInRequest,
} from '../core/account.wire.ts';
import type { SecondStep } from '../core/sign-in.wire.ts';
import type { Send } from './request.ts';

/** Whether the installation still waits for its first administrator. */
export const loadSetup = (send: Send) => send<SetupState>('GET', '/api/setup');

/** Makes the organisation and its first administrator, and signs in. */
export const setUp = (send: Send, body: SetupRequest) => send<Me>('POST', '/api/setup', body);

export const signIn = (send: Send, body: SignInRequest) =>
  send<Me | SecondStep>('POST', '/api/sign-in', body);

export const signOut = (send: Send) => send<unknown>('POST', '/api/sign-out');

/** Signs in by the single-use link that the operator had made. */
export const followSignInLink = (send: Send, token: string) =>
  send<Me>('POST', '/api/sign-in-link', { token });

/** Ends every sign-in of this account, this one too. */
export const signOutEverywhere = (send: Send) => send<unknown>('POST', '/api/sign-out-everywhere');

/** Who is signed in. */
export const loadMe = (send: Send) => send<Me>('GET', '/api/me');

/** Where this account is signed in. */
export const listSignIns = (send: Send) => send<readonly SignIn[]>('GET', '/api/sign-ins');

/** Ends one of this account's sign-ins. */
export const revokeSignIn = (send: Send, id: string) =>
  send<unknown>('POST', `/api/sign-ins/${id}/revoke`);

export const changePassword = (send: Send, current: string, next: string) =>
  send<unknown>('POST', '/api/password', { current, next });

/** Makes a single-use link; it is shown this once. */
export const invite = (send: Send, body: InviteRequest) =>
  send<{ link: string }>('POST', '/api/invitations', body);

export const listInvitations = (send: Send) =>
  send<readonly Invitation[]>('GET', '/api/invitations');

export const revokeInvitation = (send: Send, id: string) =>
  send<unknown>('POST', `/api/invitations/${id}/revoke`);

/** Who is invited to what by this link. */
export const viewInvitation = (send: Send, token: string) =>
  send<InvitationView>('POST', '/api/invitation', { token });

/** Uses up an invitation and signs in. */
export const acceptInvitation = (
  send: Send,
  body: { token: string; name: string; email: string; password: string },
) => send<Me>('POST', '/api/invitation/accept', body);

/** People who may be made hosts of a group. */
export const listHosts = (send: Send) => send<readonly Host[]>('GET', '/api/hosts');
