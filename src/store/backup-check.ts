import type { Clock, Random } from '../core/clock.ts';
import { BackupError } from './backup-error.ts';
import type { EmbeddedInstallation } from './installation.ts';
import { KeyError } from './key-folder.ts';
import { openOrganisation } from './organisation.ts';
import { SqliteError } from './sqlite-connection.ts';
import { checkIntegrity, openCopy } from './sqlite-copy.ts';
import { finish, type VerifyProgress, type VerifyReport, verifyLedger } from './verify.ts';

/**
 * Looks into a copy of a database: it opens with its keys and is whole. Walks the chains of its ledger and tells what
 * does not hold; that is not the copy's fault, so it is no error: who was tampered with needs a backup most.
 * @param named what to call it in the sentence of an error
 * @throws BackupError, KeyError
 */
export async function checkCopy({
  path,
  named,
  installation,
  clock,
  random,
  tell,
}: {
  path: string;
  named: string;
  installation: EmbeddedInstallation;
  clock: Clock;
  random: Random;
  tell?: ((progress: VerifyProgress) => void) | undefined;
}): Promise<VerifyReport> {
  const { keys, master, older, databaseKey } = installation;
  const engine = openCopy(path, databaseKey);
  try {
    const wrong = await checkIntegrity(engine);
    if (wrong.length > 0)
      throw new BackupError(`The database in ${named} is damaged: ${wrong[0]}.`);
    const place = { zone: 'UTC', dayFiles: false, wake: () => {} };
    const store = await openOrganisation({
      engine,
      keys,
      master,
      older,
      clock,
      random,
      ...place,
    });
    return await finish(verifyLedger(store, { chainsOnly: true }), tell);
  } catch (error) {
    if (error instanceof SqliteError) {
      throw new BackupError(
        `The database in ${named} cannot be read with its key (${error.code}).`,
      );
    }
    throw explainLostEpoch(error, named, keys.path);
  } finally {
    await engine[Symbol.asyncDispose]();
  }
}

/** The sentence where the key of an epoch is not there that a backup needs. */
export function explainLostEpoch(error: unknown, named: string, keyFolder: string): unknown {
  const epoch = error instanceof KeyError ? /epoch-\d+\.key/.exec(error.message)?.[0] : undefined;
  if (epoch === undefined) return error;
  return new KeyError(
    `The key ${epoch} that ${named} needs is not in ${keyFolder}: it was destroyed when somebody was erased after that backup, was made after the recovery sheet, or is lost. Restore a newer backup, put the key back from a newer sheet or a copy, or restore a backup of the time of the sheet.`,
  );
}
