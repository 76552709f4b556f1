import type { SecondStepSetting, SecondSteps } from '../core/sign-in.wire.ts';
import { commit } from '../store/ledger.ts';
import { loadSecondStepSetting, needsSecondStep, secondStepName } from '../store/second-step.ts';
import { saveSetting } from '../store/setting.ts';
import type { SignedIn } from '../store/sign-in.ts';
import { organisationStream } from '../store/store.ts';
import { countRecoveryCodes, loadTotp } from '../store/totp.ts';
import type { App } from './app.ts';
import { type Place, presentPasskeys } from './passkey.ts';
import { siteOf } from './passkey-site.ts';

/** How the signed-in person proves more than a password. */
export async function presentSecondSteps(
  app: App,
  { person, roles }: SignedIn,
  place: Place,
): Promise<SecondSteps> {
  const { store } = app;
  const { read } = store.engine;
  const [passkeys, totp, recoveryCodesLeft, required] = await Promise.all([
    presentPasskeys(app, person),
    loadTotp(store, read, person),
    countRecoveryCodes(store, person),
    needsSecondStep(store, read, roles),
  ]);
  const { ways } = siteOf(place);
  return { passkeys, ways, totpSince: totp?.confirmedAt ?? null, recoveryCodesLeft, required };
}

/** Says whether administrators need a second step; at once effective, for who asks too. */
export async function changeSecondStepSetting(
  { store, live }: App,
  me: SignedIn,
  setting: SecondStepSetting,
): Promise<SecondStepSetting> {
  await commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    const before = await loadSecondStepSetting(store, writing.tx);
    if (before.admins === setting.admins) return;
    await saveSetting(store, writing, secondStepName, setting);
    await writing.append([
      {
        stream: organisationStream,
        type: 'second-step.required',
        occurredAt: writing.now,
        actor: me.person,
        subject: null,
        facts: { before, after: setting },
      },
    ]);
  });
  await live.recheck();
  return setting;
}
