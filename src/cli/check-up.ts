import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupFolder } from '../server/backup-folder.ts';
import { checkDayFolder } from '../server/day-file-folder.ts';
import { certificateIn } from '../server/pem.ts';
import { loadBackupSettings, loadBackupState } from '../store/backup-state.ts';
import { describeAddress } from '../store/database-address.ts';
import { DatabaseClock } from '../store/database-clock.ts';
import { checkHeads } from '../store/head-check.ts';
import { findOtherOwner } from '../store/key-claim.ts';
import { KeyError } from '../store/key-folder.ts';
import { describeOwner } from '../store/key-owner.ts';
import type { OpenedStore } from '../store/open.ts';
import { loadNewestBackupAt, loadOrganisation } from '../store/organisation.ts';
import type { Store } from '../store/store.ts';
import { readIfThere } from '../store/whole-file.ts';
import { loadWrittenDown } from '../store/written-down.ts';
import { chooseBackupFolder } from './backup-folder.ts';
import { readControl } from './control.ts';
import {
  bad,
  doubtful,
  type Finding,
  fine,
  judgeBackup,
  judgeBackupFolder,
  judgeCertificate,
  judgeClock,
  judgeDisk,
  judgeKeys,
  judgeLedger,
  judgeMail,
  judgePaper,
} from './diagnosis.ts';
import { readEnvironment } from './environment.ts';
import { explain } from './failure.ts';
import { type FolderChoice, type Folders, findFolders, openHere } from './folders.ts';
import { systemClock } from './system.ts';

export interface CheckUp extends FolderChoice {
  /** A certificate of one's own, as `muster start` has it. */
  readonly certificate: string | undefined;
  /** Where day files go; undefined: not told. */
  readonly dayFolder: string | undefined;
  /** Where backups go, as `muster start` has it. */
  readonly backupFolder: string | undefined;
}

const hourMs = 3_600_000;
const patienceMs = 3_000;

/** Checks an installation from keys to day files. A check that cannot be made is a finding, never an exception. */
export async function checkUp(choice: CheckUp): Promise<Finding[]> {
  const folders = findFolders(choice);
  const { address, data } = folders;
  const folder = address.engine === 'sqlite' ? data : null;
  const disk = folder === null || !(await isThere(folder)) ? [] : [await checkDisk(folder)];
  const days = await checkDayFiles(choice.dayFolder, data);
  let opened: OpenedStore;
  try {
    opened = await openHere(choice);
  } catch (error) {
    const sentence = explain(error);
    if (sentence === null) throw error;
    const check = error instanceof KeyError ? 'keys' : 'database';
    return [bad(check, sentence, 'Nothing else can be checked until then.'), ...disk, ...days];
  }
  await using here = opened;
  const { store, installation } = here;
  const keyFolder = installation.keys.path;
  const [keys, certificate, server, ...data_] = await Promise.all([
    checkKeys(store),
    checkCertificate(keyFolder, choice.certificate),
    checkServer(keyFolder, folder ?? describeAddress(address)),
    ...checkData(here, folders, choice.backupFolder),
  ]);
  const database = fine('database', `The database opens (${store.engine.name}).`);
  return [keys, database, ...disk, ...data_.flat(), certificate, server, ...days];
}

function checkData(
  { store }: OpenedStore,
  folders: Folders,
  backupFolder: string | undefined,
): Promise<Finding[]>[] {
  return [
    checkHeads(store).then((heads) => {
      const { clock } = store;
      const skewMs = clock instanceof DatabaseClock ? clock.skewMs : null;
      return [judgeLedger(heads), judgeClock(heads.newestAt, clock.now(), skewMs)];
    }),
    checkBackup(store, folders, backupFolder),
    loadWrittenDown(store).then(judgePaper),
    checkMail(store),
  ];
}

async function checkBackup(
  store: Store,
  folders: Folders,
  named: string | undefined,
): Promise<Finding[]> {
  const [newestAt, { created_at }, { on, elsewhere }] = await Promise.all([
    loadNewestBackupAt(store),
    loadOrganisation(store),
    loadBackupSettings(store),
  ]);
  const age = elsewhere
    ? fine('backup', 'Backups are made by other means, says the organisation.')
    : judgeBackup(newestAt, created_at, store.clock.now());
  return on ? [age, ...(await checkBackupFolder(store, folders, named))] : [age];
}

async function checkBackupFolder(
  store: Store,
  folders: Folders,
  named: string | undefined,
): Promise<Finding[]> {
  try {
    const place = chooseBackupFolder(named, folders, readEnvironment());
    if (place === null) return [];
    const folder = new BackupFolder(place, store.engine.exclusive ? folders.data : null);
    const bytes = await folder.measure(await loadBackupState(store));
    const [problem, onDataDisk] = await Promise.all([
      folder.findProblem(bytes),
      folder.isOnDataDisk(),
    ]);
    return [judgeBackupFolder(place.path, problem, onDataDisk)];
  } catch (error) {
    const sentence = explain(error);
    if (sentence === null) throw error;
    return [bad('backup folder', sentence, 'Choose another with --backup-folder FOLDER.')];
  }
}

async function checkMail({ engine, organisation, clock }: Store): Promise<Finding[]> {
  const count = async (state: string, dueBefore: number): Promise<number> => {
    const { mails } = await engine.read
      .selectFrom('mail')
      .select(({ fn }) => fn.countAll<number | string>().as('mails'))
      .where('organisation', '=', organisation)
      .where('state', '=', state)
      .where('due_at', '<', dueBefore)
      .executeTakeFirstOrThrow();
    return Number(mails);
  };
  const now = clock.now();
  return [
    judgeMail(await count('failed', Number.MAX_SAFE_INTEGER), await count('due', now - hourMs)),
  ];
}

/** That it is not there the database says. */
const isThere = (folder: string): Promise<boolean> =>
  stat(folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );

async function checkDisk(folder: string): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return judgeDisk(bavail * bsize, folder);
  } catch (error) {
    return unreadable('disk', folder, error);
  }
}

async function checkKeys(store: Store): Promise<Finding> {
  const folder = store.keys.path;
  try {
    const other = await findOtherOwner(store);
    if (other) {
      const { says, todo } = describeOwner(folder, other);
      return bad('keys', says, todo);
    }
    return judgeKeys((await stat(folder)).mode, process.platform, folder);
  } catch (error) {
    if (error instanceof KeyError)
      return bad('keys', error.message, 'No server starts until then.');
    return unreadable('keys', folder, error);
  }
}

async function checkCertificate(keyFolder: string, given: string | undefined): Promise<Finding> {
  const path = given ?? join(keyFolder, 'server.pem');
  const pem = await readIfThere(path).catch(() => undefined);
  if (pem === undefined && given === undefined) {
    return fine('certificate', 'There is none yet: the first start with HTTPS makes it.');
  }
  const certificate = certificateIn(pem ?? '');
  if (!certificate) {
    return bad('certificate', `${path} holds no certificate that can be read.`, 'Put it back.');
  }
  return judgeCertificate(
    certificate.validToDate.getTime(),
    systemClock.now(),
    given === undefined,
  );
}

/** Whether a server of this machine runs on these data, and whether it is ready. */
async function checkServer(keyFolder: string, place: string): Promise<Finding> {
  const control = await readControl(keyFolder, place);
  if (!control) return fine('server', 'Muster does not run on this machine now.');
  if (!control.server) return fine('server', 'Muster is just starting.');
  const { origin } = control.server;
  try {
    const answer = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(patienceMs) });
    const { checks = {} } = (await answer.json()) as { checks?: Record<string, string> };
    if (answer.ok) return fine('server', `Muster runs at ${origin} and is ready.`);
    const reasons = Object.entries(checks).filter(([, said]) => said !== 'ok');
    return bad(
      'server',
      `Muster runs at ${origin} and is not ready: ${reasons.map((pair) => pair.join(' ')).join(', ')}.`,
      'Look at its log.',
    );
  } catch {
    return bad(
      'server',
      `Muster runs at ${origin} and does not answer.`,
      'Stop it and start it again.',
    );
  }
}

async function checkDayFiles(folder: string | undefined, data: string): Promise<Finding[]> {
  if (folder === undefined) return [];
  try {
    checkDayFolder(folder, data);
    await access(folder, constants.W_OK);
    return [fine('day files', `${folder} can be written.`)];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return [
        doubtful('day files', `${folder} is not there yet.`, 'Muster makes it when it starts.'),
      ];
    }
    const sentence = explain(error);
    return [
      sentence === null
        ? unreadable('day files', folder, error)
        : bad('day files', sentence, 'Choose another with --day-files FOLDER.'),
    ];
  }
}

const unreadable = (check: string, path: string, error: unknown): Finding =>
  bad(check, `${path} cannot be looked at (${(error as Error).message}).`, 'Check who owns it.');
