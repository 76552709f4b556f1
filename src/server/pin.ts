import type { PersonId } from '../core/brand.ts';
import { checkPin } from '../core/pin.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { accountEvent } from '../store/account.ts';
import { commit } from '../store/ledger.ts';
import { savePin } from '../store/pin.ts';
import type { SignedIn } from '../store/sign-in.ts';
import { organisationStream } from '../store/store.ts';
import { checkOwnPassword } from './account.ts';
import type { App } from './app.ts';

/** One's own PIN; the password is asked again. */
export async function changeOwnPin(
  app: App,
  me: SignedIn,
  { password, pin }: { password: string; pin: string | null },
  address: string,
): Promise<{ ok: true } | Refusal> {
  const checked = await checkOwnPassword(app, me, password, address);
  return checked.ok ? changePin(app, me.person, me.person, pin) : checked;
}

/** Gives a person a PIN, or (null) takes it away. Neither the PIN nor its hash stands in an event. */
export async function changePin(
  app: App,
  actor: PersonId,
  person: PersonId,
  pin: string | null,
): Promise<{ ok: true } | Refusal> {
  const { store } = app;
  const allowed = pin === null ? { ok: true as const } : checkPin(pin);
  if (!allowed.ok) return allowed;
  const known = await store.engine.read
    .selectFrom('person')
    .select('person')
    .where('organisation', '=', store.organisation)
    .where('person', '=', person)
    .where('state', '=', 'active')
    .executeTakeFirst();
  if (!known) return refuse('not-found');
  const secret = pin === null ? null : store.vault.pinSecret(person, pin);
  const hash = secret === null ? null : await app.passwords.hash(secret);
  if (isRefusal(hash)) return hash;
  return commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    await savePin(store, writing, person, hash);
    const facts = { given: hash !== null };
    await writing.append([accountEvent(writing, 'pin.changed', person, { actor, facts })]);
    return { ok: true } as const;
  });
}
