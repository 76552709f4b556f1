import { z } from 'zod';
import { groupId, rawText, secretText, title } from './field.wire.ts';
import type { Must } from './sign-in.wire.ts';

export const roles = ['admin', 'host', 'supervisor', 'auditor', 'attendee'] as const;
export type Role = (typeof roles)[number];

export const vocabularies = ['school', 'work'] as const;
export const languages = ['en'] as const;

/** GET /api/setup */
export interface SetupState {
  readonly needed: boolean;
  /** Zones to choose from and the machine's own. */
  readonly zones: readonly string[];
  readonly zone: string;
  readonly passwordMinLength: number;
}

/** POST /api/setup */
export const setupRequest = z.strictObject({
  /** From the one-time link. */
  token: secretText,
  organisation: title,
  zone: z.string().max(64),
  language: z.enum(languages),
  words: z.enum(vocabularies),
  name: rawText,
  email: rawText,
  password: z.string().max(1_000),
});
export type SetupRequest = z.infer<typeof setupRequest>;

/** POST /api/sign-in */
export const signInRequest = z.strictObject({
  /** E-mail address or number. */
  login: z.string().min(1).max(300),
  password: z.string().min(1).max(1_000),
});
export type SignInRequest = z.infer<typeof signInRequest>;

/** POST /api/sign-in-links (the operator only) -> { link }; without a login, for the first administrator. */
export const signInLinkRequest = z.strictObject({ login: z.string().min(1).max(300).optional() });
/** POST /api/sign-in-link { token } -> Me */

/** GET /api/me; also the answer to setup, sign-in and accepting an invitation. */
export interface Me {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly roles: readonly Role[];
  readonly organisation: string;
  readonly zone: string;
  readonly language: (typeof languages)[number];
  readonly words: (typeof vocabularies)[number];
  /** What has to be done before anything else is allowed. */
  readonly must: Must | null;
}

/** GET /api/sign-ins: where this account is signed in. */
export interface SignIn {
  readonly id: string;
  readonly current: boolean;
  readonly device: string;
  readonly address: string;
  readonly since: number;
  readonly seen: number;
}

/** POST /api/password */
export const passwordRequest = z.strictObject({
  current: z.string().min(1).max(1_000),
  next: z.string().max(1_000),
});

/** POST /api/invitations (admin) -> { link } shown once. */
export const inviteRequest = z.strictObject({
  name: rawText,
  email: rawText.optional(),
  role: z.enum(roles),
  /** Groups of a host, or of a supervisor. */
  groups: z.array(groupId).max(200),
});
export type InviteRequest = z.infer<typeof inviteRequest>;

/** GET /api/invitations (admin) */
export interface Invitation {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly expiresAt: number;
  readonly state: 'open' | 'used' | 'expired' | 'revoked';
}

/** POST /api/invitation { token } -> who is invited to what; POST /api/invitation/accept -> Me */
export const invitationToken = z.strictObject({ token: secretText });
export interface InvitationView {
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly organisation: string;
  readonly passwordMinLength: number;
}
export const acceptRequest = z.strictObject({
  token: secretText,
  name: rawText,
  email: rawText,
  password: z.string().max(1_000),
});

/** GET /api/hosts (admin, host): people who may be made hosts of a group. */
export interface Host {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
}
