import type { z } from 'zod';
import type {
  acceptRequest,
  Invitation,
  InvitationView,
  InviteRequest,
} from '../core/account.wire.ts';
import { checkEmail, checkName } from '../core/person.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { insertAccount, isEmailTaken } from '../store/account.ts';
import {
  closeInvitation,
  findInvitation,
  insertInvitation,
  invitationEvent,
  joinGroups,
  listExisting,
  listInvitations,
} from '../store/invitation.ts';
import { commit } from '../store/ledger.ts';
import { groupStream, organisationStream, peopleStream } from '../store/store.ts';
import type { App } from './app.ts';
import { checkPassword, passwordMinLength } from './password.ts';
import { hashSecret, makeSecret } from './secret.ts';
import { type Entry, enter, type Origin } from './sign-in.ts';

/**
 * Makes a single-use link; it is answered this once and kept as a hash.
 * @param origin where the administrator is: an invitation leads others there by an address that they can reach
 */
export async function invite(
  app: App,
  actor: string,
  request: InviteRequest,
  origin: string,
): Promise<{ link: string } | Refusal> {
  const { store } = app;
  const name = checkName(request.name);
  if (!name.ok) return name;
  const email = request.email?.trim() ? checkEmail(request.email) : null;
  if (email && !email.ok) return email;
  const hasGroups = request.role === 'host' || request.role === 'supervisor';
  const groups = hasGroups ? [...new Set(request.groups)] : [];
  const token = makeSecret(store.random);
  return commit(store, async (writing) => {
    if ((await listExisting(store, writing.tx, groups)).length < groups.length) {
      return refuse('not-found');
    }
    if (email && (await isEmailTaken(store, writing.tx, email.email))) return refuse('email-taken');
    await insertInvitation(store, writing, actor, {
      name: name.name,
      email: email?.email ?? null,
      role: request.role,
      groups,
      tokenHash: hashSecret(token),
    });
    return { link: `${sharedOrigin(app, origin)}/app/invitation#${token}` };
  });
}

/** An origin for people on other machines: nobody else reaches this machine's loopback. */
function sharedOrigin(app: App, origin: string): string {
  if (app.config.publicOrigin !== null) return app.config.publicOrigin;
  const { hostname } = new URL(origin);
  if (!/^(localhost|127\.|\[::1\])/.test(hostname)) return origin;
  const lan = app.origins().find(({ kind }) => kind === 'lan');
  const secure = lan && app.secureOrigin(lan.origin);
  return secure?.startsWith('https:') ? secure : origin;
}

export async function presentInvitations({ store }: App): Promise<Invitation[]> {
  const rows = await listInvitations(store, store.clock.now());
  return rows.map(({ id, name, role, expiresAt, state }) => ({ id, name, role, expiresAt, state }));
}

export function revokeInvitation(
  { store }: App,
  actor: string,
  id: string,
): Promise<{ ok: true } | Refusal> {
  return commit(store, async (writing) => {
    if (!(await closeInvitation(store, writing, id, 'revoked'))) return refuse('not-found');
    const { now, append } = writing;
    await append([invitationEvent(now, 'invitation.revoked', actor, { invitation: id })]);
    return { ok: true };
  });
}

/** What whoever holds the link is invited to. */
export async function viewInvitation(
  { store, settings }: App,
  token: string,
): Promise<InvitationView | Refusal> {
  const hash = hashSecret(token);
  const found = await findInvitation(store, store.engine.read, hash, store.clock.now());
  if (found?.state !== 'open') return refuse('link-invalid');
  const { name, email, role } = found;
  return { name, email, role, organisation: settings.current.name, passwordMinLength };
}

/** Uses an invitation up: makes the account, its groups, and signs in. Of many at once one succeeds. */
export async function acceptInvitation(
  app: App,
  request: z.infer<typeof acceptRequest>,
  from: Origin,
): Promise<Entry | Refusal> {
  const { store, settings } = app;
  const view = await viewInvitation(app, request.token);
  if (isRefusal(view)) return view;
  const name = checkName(request.name);
  if (!name.ok) return name;
  const email = checkEmail(request.email);
  if (!email.ok) return email;
  const words = [settings.current.name, name.name, email.email];
  const allowed = await checkPassword(request.password, words);
  if (!allowed.ok) return allowed;
  const hash = await app.passwords.hash(request.password);
  if (isRefusal(hash)) return hash;
  return commit(store, async (writing) => {
    const { tx, now } = writing;
    const found = await findInvitation(store, tx, hashSecret(request.token), now);
    if (found?.state !== 'open') return refuse('link-invalid');
    const { id, role, createdBy } = found;
    const groups = await listExisting(store, tx, found.groups);
    await writing.lock([...groups.map(groupStream), organisationStream, peopleStream]);
    // whoever invited may have lost the right to until the lock was had
    const present = await findInvitation(store, tx, hashSecret(request.token), now);
    if (present?.state !== 'open') return refuse('link-invalid');
    if (await isEmailTaken(store, tx, email.email)) return refuse('email-taken');
    if (!(await closeInvitation(store, writing, id, 'used'))) return refuse('link-invalid');
    const person = await insertAccount(store, writing, createdBy, {
      name: name.name,
      email: email.email,
      hash,
      roles: role === 'admin' ? ['admin', 'host'] : [role],
    });
    await writing.append([invitationEvent(now, 'invitation.used', person, { invitation: id })]);
    await joinGroups(store, writing, createdBy, person, role, groups);
    return enter(app, writing, person, from);
  });
}
