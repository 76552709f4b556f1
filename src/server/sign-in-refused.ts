import type { PersonId } from '../core/brand.ts';
import { isRefusal, refuse } from '../core/refusal.ts';
import { accountEvent } from '../store/account.ts';
import { beginFailure } from '../store/failure.ts';
import { loadPersonKeys } from '../store/key.ts';
import { commit } from '../store/ledger.ts';
import type { App } from './app.ts';
import type { Origin, SignInWay } from './sign-in.ts';
import { describeDevice } from './user-agent.ts';

/** A flood of wrong passwords leaves so many events per account and hour. */
const perHour = 5;
const hourMs = 3_600_000;

/**
 * Writes down that somebody tried to sign in as this person and was refused: for the person's own list and the audit.
 * Nobody waits for it, so that the answer takes as long as for an account that does not exist.
 */
export function noteRefused(app: App, person: PersonId, from: Origin, how: SignInWay): void {
  note(app, person, from, how).catch((error: unknown) =>
    app.databaseAway.log(error, 'a refused sign-in could not be written down'),
  );
}

async function note(
  { store }: App,
  person: PersonId,
  { address, userAgent }: Origin,
  how: SignInWay,
): Promise<void> {
  const subject = `refused/${person}`;
  const noted = await beginFailure(store, { held: [subject], read: [] }, (counted) =>
    counted(subject).count >= perHour ? refuse('throttled') : { subject, windowMs: hourMs },
  );
  if (isRefusal(noted)) return;
  await commit(store, async (writing) => {
    const key = (await loadPersonKeys(store, writing.tx, [person])).get(person);
    if (!key) return;
    const data = { device: describeDevice(userAgent), address };
    const facts = { how };
    await writing.append([
      accountEvent(writing, 'sign-in.refused', person, { actor: 'nobody', facts, data, key }),
    ]);
  });
}
