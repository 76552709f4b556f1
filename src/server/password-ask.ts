import type { Instant } from '../core/brand.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { accountEvent, findAccount } from '../store/account.ts';
import { beginFailure } from '../store/failure.ts';
import { loadPersonKeys } from '../store/key.ts';
import { commit } from '../store/ledger.ts';
import { queueMail } from '../store/mail.ts';
import { insertMailedLink } from '../store/mailed-link.ts';
import { loadPeople } from '../store/person.ts';
import { organisationStream } from '../store/store.ts';
import { isVouched } from '../store/vouched-address.ts';
import { networkOf } from './address.ts';
import type { App } from './app.ts';
import { loadMailServer } from './mail.ts';
import { resetPath } from './password-reset.ts';
import { hashSecret, makeSecret } from './secret.ts';
import type { Origin } from './sign-in.ts';
import { describeDevice } from './user-agent.ts';

const lifeMinutes = 30;
const minuteMs = 60_000;
/** Of one login in an hour, mailed or not; a school behind one address may forget this many in ten minutes. */
const perLogin = 3;
const perNetwork = 60;

/**
 * Asks for a mailed link to a new password. The answer is the same at once, whether or not anybody is known by the
 * login: what comes of it happens afterwards. Nothing is mailed to an address that a host wrote. `not-allowed` where no
 * mail can be sent.
 * @param origin where the link leads
 */
export async function askReset(
  app: App,
  login: string,
  from: Origin,
  origin: string,
): Promise<{ ok: true } | Refusal> {
  const { store } = app;
  if (!(await loadMailServer(store))) return refuse('not-allowed');
  const { email, number } = store.vault.loginIndex(login);
  const subject = `reset/${email ?? number ?? ''}`;
  const network = `reset-network/${networkOf(from.address)}`;
  const counted = await beginFailure(store, { held: [network], read: [] }, (seen) =>
    seen(network).count >= perNetwork
      ? refuse('throttled', { retryAfter: 60 })
      : { subject: network, windowMs: 10 * minuteMs },
  );
  if (isRefusal(counted)) return counted;
  send(app, login, subject, from, origin).catch((error: unknown) =>
    app.databaseAway.log(error, 'a link to a new password could not be made'),
  );
  return { ok: true };
}

async function send(
  app: App,
  login: string,
  subject: string,
  { address, userAgent }: Origin,
  origin: string,
): Promise<void> {
  const { store } = app;
  const account = await findAccount(store, store.vault.loginIndex(login));
  if (!account) return;
  const { person } = account;
  const noted = await beginFailure(store, { held: [subject], read: [] }, (seen) =>
    seen(subject).count >= perLogin ? refuse('throttled') : { subject, windowMs: 60 * minuteMs },
  );
  if (isRefusal(noted)) return;
  const [known] = await loadPeople(store, store.engine.read, { person: [person] });
  const to = known?.email;
  if (!to || !(await isVouched(store, store.engine.read, known))) return;
  const token = makeSecret(store.random);
  await commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    const key = (await loadPersonKeys(store, writing.tx, [person])).get(person);
    if (!key) return;
    const expiresAt = (writing.now + lifeMinutes * minuteMs) as Instant;
    const link = { person, data: {}, expiresAt };
    await insertMailedLink(store, writing, 'password', hashSecret(token), link);
    const data = { link: `${origin}${resetPath}#${token}`, minutes: String(lifeMinutes) };
    await queueMail(store, writing, [{ to, template: 'password-link', data }]);
    await writing.append([
      accountEvent(writing, 'password.link-made', person, {
        actor: 'nobody',
        facts: { mailed: true },
        data: { device: describeDevice(userAgent), address },
        key,
      }),
    ]);
  });
}
