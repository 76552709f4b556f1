import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import type { z } from 'zod';
import type { Instant } from '../core/brand.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import type { passkeySignInRequest } from '../core/sign-in.wire.ts';
import { commit } from '../store/ledger.ts';
import { claimChallenge, findPasskey, notePasskeyUse } from '../store/passkey.ts';
import { organisationStream } from '../store/store.ts';
import type { App } from './app.ts';
import { loadLibrary, type Place, requireSite } from './passkey.ts';
import { checkChallenge, makeChallenge } from './passkey-challenge.ts';
import { hashSecret } from './secret.ts';
import { type Entry, enter, type Origin } from './sign-in.ts';
import { noteRefused } from './sign-in-refused.ts';

const purpose = 'sign-in';

/** What the browser needs to ask for a passkey of this site: it names nobody. */
export async function challengePasskey(
  { store }: App,
  place: Place,
): Promise<PublicKeyCredentialRequestOptionsJSON | Refusal> {
  const site = requireSite(place);
  if (!('name' in site)) return site;
  const { generateAuthenticationOptions } = await loadLibrary();
  return generateAuthenticationOptions({
    rpID: site.name,
    challenge: new Uint8Array(Buffer.from(makeChallenge(store, purpose), 'base64url')),
    userVerification: 'required',
  });
}

/**
 * Signs in with a passkey. The authenticator has verified the person, so it counts as both steps. Refuses another site, a
 * challenge that was answered before, a counter that did not go forward, and a credential shown for another person.
 */
export async function signInByPasskey(
  app: App,
  { response }: z.infer<typeof passkeySignInRequest>,
  place: Place,
  from: Origin,
): Promise<Entry | Refusal> {
  const site = requireSite(place);
  if (!('name' in site)) return site;
  const { store } = app;
  const passkey = await findPasskey(store, store.engine.read, hashSecret(response.id));
  if (!passkey) return refuse('passkey-refused');
  const { userHandle } = response.response as { userHandle?: unknown };
  const claimed = typeof userHandle === 'string' ? Buffer.from(userHandle, 'base64url') : null;
  const { verifyAuthenticationResponse } = await loadLibrary();
  let answered = '';
  let expiresAt: Instant | null = null;
  const verified = await verifyAuthenticationResponse({
    response: response as unknown as Parameters<typeof verifyAuthenticationResponse>[0]['response'],
    expectedChallenge: (challenge) => {
      answered = challenge;
      expiresAt = checkChallenge(store, purpose, challenge);
      return expiresAt !== null;
    },
    expectedOrigin: place.origin,
    expectedRPID: site.name,
    credential: {
      id: passkey.credential,
      publicKey: new Uint8Array(passkey.publicKey),
      counter: passkey.counter,
    },
    requireUserVerification: true,
  }).catch(() => null);
  const until = expiresAt as Instant | null;
  if (!verified?.verified || until === null || claimed?.toString() !== passkey.person) {
    noteRefused(app, passkey.person, from, 'passkey');
    return refuse('passkey-refused');
  }
  const { newCounter } = verified.authenticationInfo;
  return commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    // removed, or used meanwhile
    const present = await findPasskey(store, writing.tx, passkey.id);
    const counts = newCounter > 0 || (present?.counter ?? 0) > 0;
    if (!present || (counts && newCounter <= present.counter)) return refuse('passkey-refused');
    if (!(await claimChallenge(store, writing, hashSecret(answered), until))) {
      return refuse('passkey-refused');
    }
    await notePasskeyUse(store, writing, passkey.id, newCounter);
    return enter(app, writing, passkey.person, from, 'passkey');
  });
}
