import type { SetupRequest, SetupState } from '../core/account.wire.ts';
import { isZone } from '../core/local-time.ts';
import { checkEmail, checkName } from '../core/person.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { presentZoneName } from '../core/zone-name.ts';
import { insertAccount, isEmailTaken } from '../store/account.ts';
import { commit } from '../store/ledger.ts';
import { updateOrganisation } from '../store/organisation.ts';
import { hasAdministrator } from '../store/sign-in.ts';
import { organisationStream, peopleStream } from '../store/store.ts';
import type { App } from './app.ts';
import { operator } from './gate.ts';
import { checkPassword, passwordMinLength } from './password.ts';
import { type Entry, enter, type Origin } from './sign-in.ts';

/** Whether the installation waits for its first administrator, and what the page needs for that. */
export async function presentSetup({ store, settings }: App): Promise<SetupState> {
  const zone = presentZoneName(settings.current.zone);
  const zones = new Set([...Intl.supportedValuesOf('timeZone').map(presentZoneName), 'UTC', zone]);
  return {
    needed: !(await hasAdministrator(store)),
    zones: [...zones].sort(),
    zone,
    passwordMinLength,
  };
}

/**
 * Names the organisation, makes its first administrator and signs them in. Of many at once one succeeds; the others
 * are refused with `already-set-up`.
 */
export async function setUp(
  app: App,
  request: SetupRequest,
  from: Origin,
): Promise<Entry | Refusal> {
  const { store, setUpLink } = app;
  if (await hasAdministrator(store)) return refuse('already-set-up');
  if (!setUpLink.check(request.token)) return refuse('link-invalid');
  const { organisation, zone, language, words, password } = request;
  if (!isZone(zone)) return refuse('input-invalid', { field: 'zone', problem: 'unknown' });
  const name = checkName(request.name);
  if (!name.ok) return name;
  const email = checkEmail(request.email);
  if (!email.ok) return email;
  const allowed = await checkPassword(password, [organisation, name.name, email.email]);
  if (!allowed.ok) return allowed;
  const hash = await app.passwords.hash(password);
  if (isRefusal(hash)) return hash;

  const entry = await commit(store, async (writing) => {
    await writing.lock([organisationStream, peopleStream]);
    if (await hasAdministrator(store, writing.tx)) return refuse('already-set-up');
    if (await isEmailTaken(store, writing.tx, email.email)) return refuse('email-taken');
    await updateOrganisation(store, writing.tx, { name: organisation, zone, language, words });
    await writing.append([
      {
        stream: organisationStream,
        type: 'organisation.set-up',
        occurredAt: writing.now,
        actor: operator,
        subject: null,
        facts: { zone, language, words },
        data: { name: organisation },
      },
    ]);
    const person = await insertAccount(store, writing, operator, {
      name: name.name,
      email: email.email,
      hash,
      roles: ['admin', 'host'],
    });
    return enter(app, writing, person, from);
  });
  if (!isRefusal(entry)) {
    setUpLink.spend();
    await app.settings.reload();
  }
  return entry;
}
