import { encodeBytes } from '../core/base32.ts';
import type { PersonId } from '../core/brand.ts';
import type { Random } from '../core/clock.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import type { AssignedPassword } from '../core/sign-in.wire.ts';
import { accountEvent } from '../store/account.ts';
import { assignHash } from '../store/assigned-password.ts';
import { commit } from '../store/ledger.ts';
import { deletePasskeys } from '../store/passkey.ts';
import type { SignedIn } from '../store/sign-in.ts';
import { deleteSignIns } from '../store/sign-in-list.ts';
import { organisationStream } from '../store/store.ts';
import { deleteTotp } from '../store/totp.ts';
import type { App } from './app.ts';

const length = 16;

/** 80 random bits in four groups that can be read aloud. */
function makePassword(random: Random): string {
  const text = encodeBytes(random.bytes(10), length).toLowerCase();
  return (text.match(/.{4}/g) ?? []).join('-');
}

/**
 * Gives a person a new password, which is answered this once and has to be changed at first use. Their sign-ins end.
 * Nobody does that for themselves: that is what changing the password is for.
 */
export async function assignPassword(
  app: App,
  me: SignedIn,
  person: PersonId,
): Promise<AssignedPassword | Refusal> {
  if (person === me.person) return refuse('not-allowed');
  const { store } = app;
  const password = makePassword(store.random);
  const hash = await app.passwords.hash(password);
  if (isRefusal(hash)) return hash;
  const assigned = await commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    const row = await writing.tx
      .selectFrom('person')
      .select(['state', 'guest_of'])
      .where('organisation', '=', store.organisation)
      .where('person', '=', person)
      .executeTakeFirst();
    if (!row || row.guest_of !== null) return refuse('not-found');
    if (row.state !== 'active') return refuse('person-inactive');
    await assignHash(store, writing, person, hash);
    const signedOut = await deleteSignIns(store, writing.tx, person);
    const facts = { signedOut };
    await writing.append([
      accountEvent(writing, 'password.assigned', person, { actor: me.person, facts }),
    ]);
    return { password };
  });
  await app.live.recheck();
  return assigned;
}

/** Takes away the authenticator, the recovery codes and the passkeys of somebody who lost them. */
export async function clearSecondSteps(
  { store }: App,
  me: SignedIn,
  person: PersonId,
): Promise<{ ok: true } | Refusal> {
  if (person === me.person) return refuse('not-allowed');
  return commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    const totp = await deleteTotp(store, writing.tx, person);
    const passkeys = await deletePasskeys(store, writing.tx, person);
    if (!totp && passkeys === 0) return refuse('not-found');
    const facts = { totp, passkeys };
    await writing.append([
      accountEvent(writing, 'second-step.cleared', person, { actor: me.person, facts }),
    ]);
    return { ok: true } as const;
  });
}
