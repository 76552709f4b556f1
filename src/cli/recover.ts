import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { readHeader } from '../store/backup-file.ts';
import {
  FolderError,
  type InstallationFile,
  readInstallation,
  unlockInstallation,
} from '../store/installation.ts';
import { KeyFolder } from '../store/key-folder.ts';
import { Refused } from './failure.ts';
import { type FolderChoice, findFolders, folderFlags, folderUsage } from './folders.ts';
import { joinParts } from './recovery-share.ts';
import { isKeyLine, type RecoveredKey, readSheet } from './recovery-sheet.ts';

export const usage = `muster recover [flags]
  puts lost keys back from a recovery sheet or from shares: type or pipe its lines, end with Ctrl+D
${folderUsage}
  --backup FILE   the backup that the keys are for, where nothing but it is left: then restore it
  Keys that are there already stay as they are.`;

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { ...folderFlags, backup: { type: 'string' } },
  });
  return putBackKeys(values);
}

/** Reads lines of a recovery sheet, or of enough shares of one, and puts the keys back that are missing. */
export async function putBackKeys(
  values: FolderChoice & { readonly backup?: string | undefined },
): Promise<number> {
  const { data, keysFor } = findFolders(values);
  const found = (await readInstallation(data)) ?? (await readBackup(values.backup));
  if (!found) {
    throw new FolderError(
      `There are no data of Muster in ${data}. Point --data to them, or name the backup that is to be restored with --backup FILE.`,
    );
  }
  if (process.stdin.isTTY)
    process.stdout.write(
      'Type the lines of the recovery sheet, or of as many shares as are needed, then Ctrl+D. Case and spaces do not matter.\n',
    );
  const keys = await readKeys(await readLines());
  const master = keys.find(({ epoch }) => epoch === null);
  if (!master)
    throw new Refused('These lines hold no master key: begin with the first lines of the sheet.');
  // shows a key of another installation before anything is written
  await unlockInstallation(found, data, keysFor, master.key);
  const folder = new KeyFolder(keysFor(found.installation));
  for (const key of keys) process.stdout.write(`${await putBack(folder, key)}\n`);
  process.stdout.write(`The keys are in ${folder.path}.\n`);
  return 0;
}

/** @throws Refused where the lines are neither a sheet nor at least two shares */
async function readKeys(lines: readonly string[]): Promise<RecoveredKey[]> {
  const sheet = readSheet(lines);
  if (sheet.ok) return sheet.keys;
  const joined = await joinParts(lines.filter(isKeyLine));
  if (!joined) throw new Refused(sheet.sentence);
  return joined;
}

async function readBackup(file: string | undefined): Promise<InstallationFile | null> {
  return file === undefined ? null : (await readHeader(file)).header.installation;
}

async function putBack(folder: KeyFolder, { epoch, key }: RecoveredKey): Promise<string> {
  const name = epoch === null ? 'master.key' : (`epoch-${epoch}.key` as const);
  if (await folder.has(name)) return `${name} was there already and stays as it is.`;
  if (epoch === null) await folder.importMaster(key);
  else await folder.importEpoch(epoch, key);
  return `${name} is put back.`;
}

async function readLines(): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: process.stdin })) lines.push(line);
  return lines;
}
