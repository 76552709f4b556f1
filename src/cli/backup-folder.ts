import { resolve } from 'node:path';
import { type BackupPlace, checkBackupFolder } from '../server/backup-folder.ts';
import type { Flags } from './description.ts';
import type { Environment } from './environment.ts';
import type { Folders } from './folders.ts';
import { defaultBackupFolder } from './places.ts';

/** The flag that names a folder for backups. For `parseArgs`. */
export const backupFolderFlag = {
  'backup-folder': {
    type: 'string',
    value: 'FOLDER|off',
    env: 'MUSTER_BACKUP_FOLDER',
    text: 'where the server makes backups by itself: a folder that is there, best on another disk. Without the flag it is one beside the data folder, whose name ends in -backups; with --database there is none',
  },
} as const satisfies Flags;

/**
 * Where a server makes backups; null: nowhere.
 * @throws FolderError where the folder that is named lies among data or keys
 */
export function chooseBackupFolder(
  flag: string | undefined,
  { address, data, keysFor }: Folders,
  { backupFolder }: Environment,
): BackupPlace | null {
  const named = flag ?? backupFolder;
  if (named === 'off') return null;
  if (named === undefined && address.engine !== 'sqlite') return null;
  const place =
    named === undefined
      ? { path: defaultBackupFolder(data), make: true }
      : { path: resolve(named), make: false };
  checkBackupFolder(place.path, data, keysFor(''));
  return place;
}
