import type { PersonId } from '../core/brand.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import type { RecoveryCodes, TotpOffer } from '../core/sign-in.wire.ts';
import { accountEvent } from '../store/account.ts';
import { commit } from '../store/ledger.ts';
import type { SignedIn } from '../store/sign-in.ts';
import { organisationStream } from '../store/store.ts';
import { deleteTotp, loadTotp, replaceRecoveryCodes, saveTotp } from '../store/totp.ts';
import { checkOwnPassword, presentMe } from './account.ts';
import type { App } from './app.ts';
import { makeRecoveryCodes, presentRecoveryCodes } from './recovery-code.ts';
import { findStep, makeTotpSecret, presentUri } from './totp-code.ts';

const offerLifeMs = 15 * 60_000;

interface Offered {
  readonly secret: string;
  readonly until: number;
}

const sealIdentity = (person: PersonId) => `totp_offer/${person}`;

/** Offers a secret for an authenticator, after the password. It is kept nowhere until a code shows that it arrived. */
export async function offerTotp(
  app: App,
  me: SignedIn,
  { password }: { password: string },
  address: string,
): Promise<TotpOffer | Refusal> {
  const checked = await checkOwnPassword(app, me, password, address);
  if (!checked.ok) return checked;
  const { store } = app;
  const secret = makeTotpSecret(store.random.bytes(20));
  const { name, email, organisation } = await presentMe(app, me.person);
  const offered: Offered = { secret, until: store.clock.now() + offerLifeMs };
  const sealed = store.vault.sealOwn(sealIdentity(me.person), offered);
  return {
    secret,
    uri: presentUri(secret, `Muster ${organisation}`, email ?? name),
    offer: Buffer.from(sealed).toString('base64url'),
  };
}

/** Takes the authenticator over that shows a right code, in the place of an earlier one, with new recovery codes. */
export async function confirmTotp(
  { store }: App,
  { person }: SignedIn,
  { offer, code }: { offer: string; code: string },
): Promise<RecoveryCodes | Refusal> {
  const offered = readOffer(store.vault, person, offer);
  if (!offered || offered.until <= store.clock.now()) return refuse('second-step-over');
  const codes = makeRecoveryCodes(store.random);
  return commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    const step = findStep(offered.secret, code.replace(/\s/g, ''), writing.now);
    const present = await loadTotp(store, writing.tx, person);
    const used = present?.secret === offered.secret && step !== null && step <= present.lastStep;
    if (step === null || used) return refuse('second-step-wrong');
    await saveTotp(store, writing, person, { secret: offered.secret, lastStep: step });
    await replaceRecoveryCodes(store, writing.tx, person, codes);
    const facts = { recoveryCodes: codes.length };
    await writing.append([accountEvent(writing, 'totp.added', person, { facts })]);
    return { codes: presentRecoveryCodes(codes) };
  });
}

function readOffer(vault: App['store']['vault'], person: PersonId, offer: string): Offered | null {
  try {
    return vault.openOwn<Offered>(sealIdentity(person), Buffer.from(offer, 'base64url'));
  } catch {
    // not ours, or somebody else's
    return null;
  }
}

/** Forgets the authenticator, after the password. */
export async function removeTotp(
  app: App,
  me: SignedIn,
  { password }: { password: string },
  address: string,
): Promise<{ ok: true } | Refusal> {
  const checked = await checkOwnPassword(app, me, password, address);
  if (!checked.ok) return checked;
  return commit(app.store, async (writing) => {
    await writing.lock([organisationStream]);
    if (!(await deleteTotp(app.store, writing.tx, me.person))) return refuse('not-found');
    await writing.append([accountEvent(writing, 'totp.removed', me.person)]);
    return { ok: true } as const;
  });
}

/** Makes ten new recovery codes, after the password; the earlier ones no longer work. */
export async function renewRecoveryCodes(
  app: App,
  me: SignedIn,
  { password }: { password: string },
  address: string,
): Promise<RecoveryCodes | Refusal> {
  const checked = await checkOwnPassword(app, me, password, address);
  if (!checked.ok) return checked;
  const { store } = app;
  const codes = makeRecoveryCodes(store.random);
  return commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    if (!(await loadTotp(store, writing.tx, me.person))) return refuse('not-found');
    await replaceRecoveryCodes(store, writing.tx, me.person, codes);
    const facts = { recoveryCodes: codes.length };
    await writing.append([accountEvent(writing, 'recovery-codes.made', me.person, { facts })]);
    return { codes: presentRecoveryCodes(codes) };
  });
}
