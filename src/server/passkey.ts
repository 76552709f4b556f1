import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import type { z } from 'zod';
import type { Instant, PersonId } from '../core/brand.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import type { Passkey, passkeyRequest } from '../core/sign-in.wire.ts';
import { accountEvent } from '../store/account.ts';
import { loadPersonKeys } from '../store/key.ts';
import { commit } from '../store/ledger.ts';
import { claimChallenge, deletePasskeys, insertPasskey, listPasskeys } from '../store/passkey.ts';
import type { SignedIn } from '../store/sign-in.ts';
import { organisationStream } from '../store/store.ts';
import { checkOwnPassword, presentMe } from './account.ts';
import type { App } from './app.ts';
import { checkChallenge, makeChallenge } from './passkey-challenge.ts';
import { type Site, siteOf } from './passkey-site.ts';
import { hashSecret } from './secret.ts';

/** Where a request came to. */
export interface Place {
  readonly origin: string;
  readonly secure: boolean;
}

const maxPasskeys = 20;
/** Read at the first use: the library is large, and many installations never need it. */
export const loadLibrary = () => import('@simplewebauthn/server');

/** The site of a request where passkeys work; else the refusal with the reason. */
export function requireSite(place: Place): Extract<Site, { ways: 'here' }> | Refusal {
  const site = siteOf(place);
  return site.ways === 'here' ? site : refuse('passkeys-unavailable', { reason: site.ways });
}

const purposeOf = (person: PersonId) => `add/${person}`;

/** What the browser needs to make a passkey, after the password. */
export async function beginPasskey(
  app: App,
  me: SignedIn,
  { password }: { password: string },
  place: Place & { address: string },
): Promise<PublicKeyCredentialCreationOptionsJSON | Refusal> {
  const site = requireSite(place);
  if (!('name' in site)) return site;
  const checked = await checkOwnPassword(app, me, password, place.address);
  if (!checked.ok) return checked;
  const { store } = app;
  const known = await listPasskeys(store, store.engine.read, me.person);
  if (known.length >= maxPasskeys) return refuse('too-large', { max: maxPasskeys });
  const { name, email, organisation } = await presentMe(app, me.person);
  const { generateRegistrationOptions } = await loadLibrary();
  return generateRegistrationOptions({
    rpName: `Muster ${organisation}`,
    rpID: site.name,
    userID: new Uint8Array(Buffer.from(me.person)),
    userName: email ?? name,
    userDisplayName: name,
    challenge: new Uint8Array(Buffer.from(makeChallenge(store, purposeOf(me.person)), 'base64url')),
    attestationType: 'none',
    excludeCredentials: known
      .filter((passkey) => passkey.site === site.name)
      .map(({ credential, transports }) => ({ id: credential, transports: [...transports] })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
}

/** Keeps a passkey that the browser has made for this site and this challenge. */
export async function addPasskey(
  app: App,
  { person }: SignedIn,
  { name, response }: z.infer<typeof passkeyRequest>,
  place: Place,
): Promise<Passkey[] | Refusal> {
  const site = requireSite(place);
  if (!('name' in site)) return site;
  const { store } = app;
  const { verifyRegistrationResponse } = await loadLibrary();
  let answered = '';
  let expiresAt: Instant | null = null;
  const verified = await verifyRegistrationResponse({
    response: response as unknown as Parameters<typeof verifyRegistrationResponse>[0]['response'],
    expectedChallenge: (challenge) => {
      answered = challenge;
      expiresAt = checkChallenge(store, purposeOf(person), challenge);
      return expiresAt !== null;
    },
    expectedOrigin: place.origin,
    expectedRPID: site.name,
    requireUserVerification: true,
  }).catch(() => null);
  if (!verified?.verified || expiresAt === null) return refuse('passkey-refused');
  const { credential } = verified.registrationInfo;
  const until: Instant = expiresAt;
  const id = hashSecret(credential.id);
  const added = await commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    if (!(await claimChallenge(store, writing, hashSecret(answered), until))) {
      return refuse('passkey-refused');
    }
    const known = await listPasskeys(store, writing.tx, person);
    const plain = name.trim() || `Passkey ${known.length + 1}`;
    await insertPasskey(store, writing, {
      id,
      person,
      publicKey: credential.publicKey,
      counter: credential.counter,
      credential: credential.id,
      name: plain,
      transports: credential.transports ?? [],
      site: site.name,
    });
    const key = (await loadPersonKeys(store, writing.tx, [person])).get(person);
    const data = { name: plain, site: site.name };
    await writing.append([
      accountEvent(writing, 'passkey.added', person, key ? { data, key } : {}),
    ]);
    return null;
  }).catch((error: unknown) => {
    if (store.engine.isUniqueViolation(error)) return refuse('passkey-refused');
    throw error;
  });
  return added ?? presentPasskeys(app, person);
}

/** One's own passkeys, oldest first. */
export async function presentPasskeys({ store }: App, person: PersonId): Promise<Passkey[]> {
  const passkeys = await listPasskeys(store, store.engine.read, person);
  return passkeys.map(({ id, name, madeAt, usedAt, site }) => ({ id, name, madeAt, usedAt, site }));
}

/** Forgets one of one's own passkeys, after the password; its sign-ins go on until they are ended. */
export async function removePasskey(
  app: App,
  me: SignedIn,
  id: string,
  { password }: { password: string },
  address: string,
): Promise<{ ok: true } | Refusal> {
  const checked = await checkOwnPassword(app, me, password, address);
  if (!checked.ok) return checked;
  return commit(app.store, async (writing) => {
    await writing.lock([organisationStream]);
    if ((await deletePasskeys(app.store, writing.tx, me.person, id)) === 0) {
      return refuse('not-found');
    }
    await writing.append([accountEvent(writing, 'passkey.removed', me.person)]);
    return { ok: true } as const;
  });
}
