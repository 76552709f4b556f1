import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { ownerOf, readHeader } from '../store/backup-file.ts';
import { describeAddress } from '../store/database-address.ts';
import { DatabaseError } from '../store/database-error.ts';
import { FolderError, ownerOfFolder, readInstallation, unlock } from '../store/installation.ts';
import { KeyFolder } from '../store/key-folder.ts';
import { findServerLock } from '../store/server-installation.ts';
import type { Description, Flags } from './description.ts';
import { Refused } from './failure.ts';
import { type FolderChoice, type Folders, findFolders, folderFlags } from './folders.ts';
import { joinParts } from './recovery-share.ts';
import { isKeyLine, isRight, type RecoveredKey, readSheet } from './recovery-sheet.ts';

export const flags = {
  backup: {
    type: 'string',
    value: 'FILE',
    text: 'the backup that the keys are for, where nothing but it is left: then restore it',
  },
} as const satisfies Flags;

export const description: Description = {
  name: 'recover',
  summary:
    'puts lost keys back from a recovery sheet or from shares: type or pipe its lines, end with Ctrl+D',
  flags: { ...folderFlags, ...flags },
  notes: ['Keys that are there already stay as they are.'],
};

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { ...folderFlags, ...flags },
  });
  return putBackKeys(values);
}

/** Reads lines of a recovery sheet, or of enough shares of one, and puts the keys back that are missing. */
export async function putBackKeys(
  values: FolderChoice & { readonly backup?: string | undefined },
): Promise<number> {
  const folders = findFolders(values);
  const { where, owner, isThere } = await findOwner(folders, values.backup);
  if (process.stdin.isTTY)
    process.stdout.write(
      'Type the lines of the recovery sheet, or of as many shares as are needed, then Ctrl+D. Case and spaces do not matter.\n',
    );
  const keys = await readKeys(await readLines());
  const master = keys.find(({ epoch }) => epoch === null);
  if (!master)
    throw new Refused('These lines hold no master key: begin with the first lines of the sheet.');
  // shows a key of another installation before anything is written
  await unlock(owner, where, folders.keysFor, master.key);
  const folder = new KeyFolder(folders.keysFor(owner.id));
  for (const key of keys) process.stdout.write(`${await putBack(folder, key)}\n`);
  process.stdout.write(`The keys are in ${folder.path}.\n`);
  if (!isThere)
    process.stdout.write(`Now put the data back with: muster restore ${values.backup}\n`);
  return 0;
}

/** @throws FolderError, DatabaseError where there is nothing that the keys could be for */
async function findOwner({ address, data }: Folders, backup: string | undefined) {
  if (address.engine !== 'sqlite' && backup === undefined) {
    const where = describeAddress(address);
    const found = await findServerLock(address);
    if (found) return { where, owner: { id: found.id, checks: [found.keyCheck] }, isThere: true };
    throw new DatabaseError(
      `There are no data of Muster in ${where}. Name another with --database, or name the backup that is to be restored with --backup FILE.`,
    );
  }
  const file = address.engine === 'sqlite' ? await readInstallation(data) : null;
  if (file) return { where: data, owner: ownerOfFolder(file), isThere: true };
  if (backup !== undefined)
    return { where: backup, owner: ownerOf(await readHeader(backup)), isThere: false };
  throw new FolderError(
    `There are no data of Muster in ${data}. Point --data to them, or name the backup that is to be restored with --backup FILE.`,
  );
}

/** @throws Refused where the lines are neither a sheet nor at least two shares */
async function readKeys(lines: readonly string[]): Promise<RecoveredKey[]> {
  const sheet = readSheet(lines);
  if (sheet.ok) return sheet.keys;
  const joined = await joinParts(lines.filter(isKeyLine));
  if (!joined) throw new Refused(sheet.sentence);
  return joined;
}

async function putBack(folder: KeyFolder, { epoch, key }: RecoveredKey): Promise<string> {
  const name = epoch === null ? 'master.key' : (`epoch-${epoch}.key` as const);
  if (await folder.has(name)) return `${name} was there already and stays as it is.`;
  if (epoch === null) await folder.importMaster(key);
  else await folder.importEpoch(epoch, key);
  return `${name} is put back.`;
}

/** At a terminal a wrong line is said at once and typed again; the others stay. */
async function readLines(): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: process.stdin })) {
    if (process.stdin.isTTY && isRight(lines, line) === false) {
      const number = lines.filter(isKeyLine).length + 1;
      process.stdout.write(`Line ${number} is missing or has a typing error: type it again.\n`);
    } else lines.push(line);
  }
  return lines;
}
