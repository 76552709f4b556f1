import type { PersonId } from '../core/brand.ts';
import { looksLikePin } from '../core/pin.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import type { BoxedSecret } from '../core/terminal.wire.ts';
import { findSecrets } from '../store/pin.ts';
import type { App } from './app.ts';

/**
 * Who shows this number (or e-mail address) with the right password or PIN. Unknown numbers, people without a password
 * and wrong ones get the same answer after the same work, and wrong ones are throttled like those of a sign-in. A right
 * one that somebody else chose is refused as `password-change-needed`.
 */
export async function checkSecret(
  app: App,
  { number, secret }: BoxedSecret,
  address: string,
): Promise<{ ok: true; person: PersonId } | Refusal> {
  const { vault } = app.store;
  const index = vault.loginIndex(number);
  const counted = `account/${index.email ?? index.number ?? ''}`;
  const attempt = await app.signInThrottle.begin(counted, address, null);
  if (!attempt.ok) return attempt;
  const known = await findSecrets(app.store, index);
  const isPin = looksLikePin(secret);
  const shown = isPin ? vault.pinSecret(known?.person ?? '', secret) : secret;
  const hash = isPin ? known?.pin : known?.password;
  const right = await app.passwords.verify(hash ?? null, shown);
  if (isRefusal(right)) {
    await attempt.abandon();
    return right;
  }
  await (right ? attempt.succeed() : attempt.fail());
  if (!right || !known) return refuse('sign-in-wrong');
  if (known.isAssigned && !isPin) return refuse('password-change-needed');
  return { ok: true, person: known.person };
}
