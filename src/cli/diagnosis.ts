import type { BackupProblem } from '../core/backup.wire.ts';
import { oldBackupDays } from '../core/backup-schedule.ts';
import type { HeadCheck } from '../store/head-check.ts';
import type { WrittenDown } from '../store/written-down.ts';

/** What one check of `muster doctor` found. */
export interface Finding {
  readonly check: string;
  readonly level: 'ok' | 'warn' | 'bad';
  /** What is so, in one sentence. */
  readonly says: string;
  /** What to do about it; null where nothing is to be done. */
  readonly todo: string | null;
}

const dayMs = 24 * 3_600_000;

const finding =
  (level: Finding['level']) => (check: string, says: string, todo: string | null) => ({
    check,
    level,
    says,
    todo,
  });
export const fine = (check: string, says: string): Finding => finding('ok')(check, says, null);
export const doubtful: (check: string, says: string, todo: string) => Finding = finding('warn');
export const bad: (check: string, says: string, todo: string) => Finding = finding('bad');

/** Free space on the disk of the data, in bytes. */
export function judgeDisk(free: number, folder: string): Finding {
  const says = `${sizeOf(free)} free on the disk that holds ${folder}.`;
  const todo = 'Free some space: a full disk takes no attendance.';
  if (free < 200e6) return bad('disk', says, todo);
  return free < 1e9 ? doubtful('disk', says, todo) : fine('disk', says);
}

const sizeOf = (bytes: number): string =>
  bytes < 1e9 ? `${Math.floor(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;

/** @param expiresAt end of the certificate's time; @param own whether the installation's authority made it */
export function judgeCertificate(expiresAt: number, now: number, own: boolean): Finding {
  const day = new Date(expiresAt).toISOString().slice(0, 10);
  const todo = own
    ? 'Start Muster again: it makes a new one at a start.'
    : 'Get a new one from whoever signed it, and start Muster again.';
  const days = Math.floor((expiresAt - now) / dayMs);
  if (days < 0) return bad('certificate', `The TLS certificate ended on ${day}.`, todo);
  const says = `The TLS certificate is good until ${day}, ${days} more days.`;
  return days < 14 ? doubtful('certificate', says, todo) : fine('certificate', says);
}

/** @param newestAt when the newest backup was made, or null; @param since when the installation was begun */
export function judgeBackup(newestAt: number | null, since: number, now: number): Finding {
  const days = Math.floor((now - (newestAt ?? since)) / dayMs);
  const todo = 'Make one now, and keep it elsewhere: muster backup FILE';
  const says =
    newestAt === null
      ? 'No backup was ever made.'
      : days === 0
        ? 'The newest backup was made within a day.'
        : `The newest backup is ${days} ${days === 1 ? 'day' : 'days'} old.`;
  if (days >= 30) return bad('backup', says, todo);
  return days >= oldBackupDays || newestAt === null
    ? doubtful('backup', says, todo)
    : fine('backup', says);
}

/** The keys on paper: what opens no new backup is worse than none. */
export function judgePaper(paper: WrittenDown | null): Finding[] {
  if (!paper || paper.outdatedAt === null) return [];
  const [made, since] = [paper.at, paper.outdatedAt].map((at) => new Date(at).toISOString());
  return [
    doubtful(
      'recovery',
      `The recovery sheet of ${made} is out of date since ${since}, by an erasure or a rotation: it opens no backup made from then on.`,
      'Make a new one, in Settings or with: muster key export-recovery',
    ),
  ];
}

/** The folder in which backups are made by themselves. @param problem what is wrong with it, or null */
export function judgeBackupFolder(
  folder: string,
  problem: BackupProblem | null,
  isOnDataDisk: boolean | null,
): Finding {
  const check = 'backup folder';
  switch (problem) {
    case 'folder-missing':
      return bad(
        check,
        `${folder} is not there.`,
        'Mount its disk, or name another with --backup-folder.',
      );
    case 'folder-refused':
      return bad(check, `${folder} cannot be written.`, 'Check who owns it.');
    case 'no-room':
      return bad(check, `There is too little room in ${folder} for a backup.`, 'Make room there.');
    case 'failed':
      return bad(check, `${folder} cannot be looked at.`, 'Check its disk.');
    case null:
      return fine(
        check,
        isOnDataDisk
          ? `${folder} can be written. It lies on the disk of the data, so it is half a backup: copy it elsewhere too.`
          : `${folder} can be written and has room.`,
      );
  }
}

/** @param skewMs how far the clock is ahead of the database server's; null where there is none */
export function judgeClock(newestAt: number | null, now: number, skewMs: number | null): Finding {
  const todo = 'Set the clock by a time server (on Linux: timedatectl set-ntp true).';
  if (skewMs !== null && Math.abs(skewMs) > 1_000) {
    const seconds = Math.abs(skewMs / 1_000).toFixed(1);
    const where = skewMs > 0 ? 'ahead of' : 'behind';
    return bad('clock', `The clock is ${seconds} s ${where} the database server’s.`, todo);
  }
  const behind = newestAt === null ? 0 : newestAt - now;
  if (behind > 60_000) {
    return bad(
      'clock',
      `The newest event is ${Math.ceil(behind / 60_000)} min in the future: the clock was set back, or was wrong when it was written.`,
      todo,
    );
  }
  return fine('clock', `It is ${new Date(now).toISOString()}; nothing recorded is later.`);
}

/** The quick look at the ledger. */
export function judgeLedger({ streams, wrong }: HeadCheck): Finding {
  if (wrong.length > 0) {
    return bad(
      'ledger',
      `The end of ${wrong.length === 1 ? 'a stream' : `${wrong.length} streams`} is not what was written: ${wrong.join(', ')}.`,
      'See all of it with: muster verify. Keep this folder as it is, and restore a backup into another.',
    );
  }
  return fine(
    'ledger',
    `The ends of ${streams} streams hold; muster verify checks all of them whole.`,
  );
}

/** @param mode of the key folder, as `stat` tells it */
export function judgeKeys(mode: number, platform: string, folder: string): Finding {
  if (platform !== 'win32' && (mode & 0o077) !== 0) {
    return doubtful(
      'keys',
      `The keys in ${folder} open these data, but other users of this machine may look into their folder.`,
      `Close it: chmod 700 ${folder}`,
    );
  }
  return fine('keys', `The keys in ${folder} open these data.`);
}

/** @param failed mails that were given up; @param late mails that should have gone an hour ago */
export function judgeMail(failed: number, late: number): Finding {
  if (failed + late === 0) return fine('mail', 'No mail waits or was given up.');
  return doubtful(
    'mail',
    `${failed} mails were given up, ${late} have waited for more than an hour.`,
    'Look at the mail server in the settings.',
  );
}
