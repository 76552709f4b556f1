import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Clock, Random } from '../core/clock.ts';
import { checkCopy } from './backup-check.ts';
import { BackupError } from './backup-error.ts';
import type { CopyHeader } from './backup-file.ts';
import type { BackupSource } from './backup-source.ts';
import type { EmbeddedInstallation, InstallationFile } from './installation.ts';
import { migrate } from './migrate.ts';
import { newestVersion } from './migrations/map.ts';
import { openOrganisation } from './organisation.ts';
import { applyDestroyed, listLost, mendKeys } from './restore-erasure.ts';
import { openSqlite } from './sqlite.ts';
import { SqliteError } from './sqlite-connection.ts';
import { openCopy } from './sqlite-copy.ts';
import type { VerifyProgress, VerifyReport } from './verify.ts';

/**
 * Takes the database out of a backup of an earlier Muster, to a new file, and checks it as a whole.
 * @returns what its ledger holds, how many people were erased since and so again, and its description
 * @throws BackupError, KeyError
 */
export async function restoreCopy({
  source,
  header,
  part,
  installation,
  clock,
  random,
  tell,
}: {
  source: BackupSource;
  header: CopyHeader;
  part: string;
  installation: EmbeddedInstallation;
  clock: Clock;
  random: Random;
  tell: (progress: VerifyProgress) => void;
}): Promise<{ ledger: VerifyReport; erased: number; file: InstallationFile }> {
  await extract(source, header, part);
  await mendPart(part, installation).catch((error: unknown) => {
    // a damaged database: the check says so
    if (!(error instanceof SqliteError)) throw error;
  });
  const named = source.named;
  const ledger = await checkCopy({ path: part, named, installation, clock, random, tell });
  const { keys, master, older, databaseKey } = installation;
  await using engine = await openSqlite({ path: part, key: databaseKey });
  await migrate(engine);
  const place = { zone: 'UTC', dayFiles: false, wake: () => {} };
  const store = await openOrganisation({ engine, keys, master, older, clock, random, ...place });
  const erased = await applyDestroyed(store);
  return { ledger, erased, file: { ...header.installation, schema: newestVersion } };
}

async function mendPart(part: string, { keys, databaseKey }: EmbeddedInstallation): Promise<void> {
  {
    await using copy = openCopy(part, databaseKey);
    if ((await listLost(copy, keys)).length === 0) return;
  }
  await using engine = await openSqlite({ path: part, key: databaseKey });
  await mendKeys(engine, keys);
}

async function extract(source: BackupSource, header: CopyHeader, part: string): Promise<void> {
  const handle = await open(part, 'wx', 0o600);
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const piece of source.rest()) {
      hash.update(piece);
      bytes += piece.length;
      await handle.writeFile(piece);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (bytes !== header.bytes) {
    const how = bytes < header.bytes ? 'cut off' : 'made longer';
    throw new BackupError(`The backup ${source.named} was ${how}; nothing was restored.`);
  }
  if (hash.digest('hex') !== header.sha256) {
    throw new BackupError(
      `The backup ${source.named} was changed or damaged; nothing was restored.`,
    );
  }
}
