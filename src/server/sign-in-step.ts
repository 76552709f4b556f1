import { createHash, createHmac } from 'node:crypto';
import { normaliseBase32 } from '../core/base32.ts';
import type { Instant, PersonId } from '../core/brand.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { type Account, listAccounts, loadHash } from '../store/account.ts';
import { loadPersonKeys } from '../store/key.ts';
import { commit, type Writing } from '../store/ledger.ts';
import { loadProofs, needsSecondStep } from '../store/second-step.ts';
import type { Store } from '../store/store.ts';
import { organisationStream } from '../store/store.ts';
import { loadTotp, takeRecoveryCode, useTotpStep } from '../store/totp.ts';
import type { App } from './app.ts';
import { knownDevice } from './device.ts';
import { sameHash } from './secret.ts';
import { type Entry, enter, type HalfIn, type Origin, type SignInWay } from './sign-in.ts';
import { deviceCookie, stepCookie } from './sign-in-cookie.ts';
import { noteRefused } from './sign-in-refused.ts';
import { findStep } from './totp-code.ts';

/** So long may the code take after the password. */
export const stepLifeMs = 5 * 60_000;
const macLength = 64;

/**
 * Lets somebody in whose password was right, or asks for the second step. The caller holds the organisation's stream.
 * Where a second step is wanted and there is only a passkey, the passkey has to be used instead of the password.
 */
export async function arrive(
  app: App,
  writing: Writing,
  { person, hash }: Account,
  from: Origin,
  how: SignInWay,
): Promise<Entry | HalfIn> {
  const { store } = app;
  // the key is held in memory from here on, where it was not
  const [{ totp, passkey }] = await Promise.all([
    loadProofs(store, writing.tx, person),
    loadPersonKeys(store, writing.tx, [person]),
  ]);
  if (totp) {
    const expiresAt = writing.now + stepLifeMs;
    const ticket = `${person}.${expiresAt}.${sign(store, person, expiresAt, hash)}`;
    return { secondStep: 'code', ticket };
  }
  const roles = (await listAccounts(store, person)).get(person) ?? new Set();
  if (passkey && (await needsSecondStep(store, writing.tx, roles))) {
    return { secondStep: 'passkey', ticket: null };
  }
  return enter(app, writing, person, from, how);
}

/** The password's hash stands in it: another password, and the ticket opens nothing. */
function sign({ vault }: Store, person: string, expiresAt: number, hash: string): string {
  const password = createHash('sha256').update(hash).digest('hex');
  const text = `step:${person}:${expiresAt}:${password}`;
  return createHmac('sha256', vault.browserKey).update(text).digest('hex');
}

/** Who is half in with this browser, while they are. */
async function readTicket(store: Store, cookie: string | undefined): Promise<Account | null> {
  const [person = '', expiry = '', mac = ''] = (cookie ?? '').split('.');
  const expiresAt = Number(expiry);
  if (mac.length !== macLength || !(store.clock.now() < expiresAt)) return null;
  const hash = await loadHash(store, store.engine.read, person as PersonId);
  if (hash === null || !sameHash(mac, sign(store, person, expiresAt, hash))) return null;
  return { person: person as PersonId, hash };
}

/**
 * The second step: a code of the authenticator or a recovery code, throttled like passwords. Each works once.
 */
export async function signInByCode(app: App, code: string, from: Origin): Promise<Entry | Refusal> {
  const { store } = app;
  const account = await readTicket(store, from.cookies[stepCookie]);
  if (!account) return refuse('second-step-over');
  const { person, hash } = account;
  const device = knownDevice(store.vault.browserKey, from.cookies[deviceCookie], person);
  const attempt = await app.signInThrottle.begin(
    `code/${person}`,
    from.address,
    device && `device/${device}/code/${person}`,
  );
  if (!attempt.ok) return attempt;
  const entry = await commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    const same = (await loadHash(store, writing.tx, person)) === hash;
    if (!same || !(await isActive(store, writing, person))) return refuse('second-step-over');
    const how = await judge(store, writing, person, code, writing.now);
    if (how === null) return null;
    await attempt.succeed(writing.tx);
    return enter(app, writing, person, from, how);
  });
  if (entry !== null) return entry;
  await attempt.fail();
  noteRefused(app, person, from, 'code');
  return refuse('second-step-wrong');
}

async function judge(
  store: Store,
  writing: Writing,
  person: PersonId,
  code: string,
  now: Instant,
): Promise<'code' | 'recovery-code' | null> {
  const digits = code.replace(/\s/g, '');
  if (/^\d{6}$/.test(digits)) {
    const totp = await loadTotp(store, writing.tx, person);
    const step = totp && findStep(totp.secret, digits, now);
    return step !== null && (await useTotpStep(store, writing, person, step)) ? 'code' : null;
  }
  const recovery = normaliseBase32(code);
  return (await takeRecoveryCode(store, writing, person, recovery)) ? 'recovery-code' : null;
}

async function isActive(
  { organisation }: Store,
  { tx }: Writing,
  person: PersonId,
): Promise<boolean> {
  const row = await tx
    .selectFrom('person')
    .select('state')
    .where('organisation', '=', organisation)
    .where('person', '=', person)
    .executeTakeFirst();
  return row?.state === 'active';
}
