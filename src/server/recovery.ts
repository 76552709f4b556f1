import type { RecoverySheet } from '../core/organisation.wire.ts';
import { encodeRecovery } from '../core/recovery.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { accountEvent } from '../store/account.ts';
import { followEpochs } from '../store/epoch.ts';
import { commit } from '../store/ledger.ts';
import type { SignedIn } from '../store/sign-in.ts';
import { checkOwnPassword } from './account.ts';
import type { App } from './app.ts';

/**
 * The keys on paper: whoever holds the sheet and a backup can read everything, so the password is asked again and the
 * ledger keeps who had it made. The epoch keys are part of it: without them the master key opens no name.
 */
export async function makeRecoverySheet(
  app: App,
  me: SignedIn,
  password: string,
  address: string,
): Promise<RecoverySheet | Refusal> {
  const { store, settings, config } = app;
  const checked = await checkOwnPassword(app, me, password, address);
  if (!checked.ok) return checked;
  if (!(await store.keys.has('master.key'))) {
    // it came from the environment or a passphrase: whoever gave it has it
    return refuse('not-allowed', { reason: 'key-elsewhere' });
  }
  const master = await store.keys.readMaster();
  await followEpochs(store);
  const madeAt = await commit(store, async (writing) => {
    await writing.append([accountEvent(writing, 'recovery-sheet.made', me.person)]);
    return writing.now;
  });
  return {
    organisation: settings.current.name,
    installation: config.installation,
    madeAt,
    lines: encodeRecovery('master', master),
    epochs: [...store.vault.epochs]
      .sort(([left], [right]) => left - right)
      .map(([epoch, key]) => ({ epoch, lines: encodeRecovery(`epoch-${epoch}`, key) })),
  };
}
