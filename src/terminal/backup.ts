import { askForBackup, loadBackups } from '../client/backup.ts';
import type { BackupLine, BackupProblem, BackupsView } from '../core/backup.wire.ts';
import { may } from './may.ts';
import { granted, type Place, runMenu } from './place.ts';
import { dayAndTime } from './when.ts';

const problemTexts: Readonly<Record<BackupProblem, string>> = {
  'folder-missing': 'The folder is not there.',
  'folder-refused': 'The folder cannot be written.',
  'no-room': 'There is too little room on its disk.',
  failed: 'It failed: the log of the server says why.',
};

const lookEveryMs = 1_000;

/** Backups: how they stand, those that are there, and one now. */
export const showBackups = (place: Place): Promise<void> =>
  runMenu(
    place,
    () => 'Backups',
    async () => {
      const { zone } = place.me;
      const view = granted(place, await loadBackups(place.visit.send));
      return [
        {
          label: 'How they stand',
          hint: view.old ? 'the newest is old' : '',
          run: () => place.dialogue.read(describeBackups(view, zone)),
        },
        {
          label: `Those in the folder (${view.backups.length})`,
          run: () =>
            place.dialogue.read(
              view.backups.length === 0
                ? ['There is none yet.']
                : view.backups.map((line) => describeLine(line, zone)),
            ),
        },
        ...(may(place, 'backup.change') && view.place !== 'none'
          ? [{ label: 'Make one now', run: () => makeNow(place) }]
          : []),
      ];
    },
  );

function describeBackups(view: BackupsView, zone: string): string[] {
  const { place, folder, sameDisk, folderProblem, newestAt, ageDays, nextAt, failure } = view;
  return [
    newestAt === null
      ? 'There is no backup yet.'
      : `The newest is of ${dayAndTime(newestAt, zone)}, ${ageDays} days old.`,
    ...(view.old ? ['That is too long ago: make one now, or look at what stops them.'] : []),
    ...(place === 'none'
      ? ['This server has no folder for them: muster start --backup-folder FOLDER names one.']
      : []),
    ...(place === 'elsewhere' ? ['Another server on the same database makes them.'] : []),
    ...(folder === null ? [] : [`Folder: ${folder}`]),
    ...(sameDisk ? ['It lies on the same disk as the data: copy them to another one.'] : []),
    ...(folderProblem === null ? [] : [problemTexts[folderProblem]]),
    nextAt === null ? 'None is planned.' : `The next one is made at ${dayAndTime(nextAt, zone)}.`,
    ...(failure === null
      ? []
      : [`The try of ${dayAndTime(failure.at, zone)}: ${problemTexts[failure.problem]}`]),
  ];
}

const describeLine = ({ name, madeAt, bytes, sound }: BackupLine, zone: string): string =>
  `${dayAndTime(madeAt, zone)}  ${name}, ${Math.ceil(bytes / 1_024)} KiB${sound ? '' : ', its ledger does NOT hold'}`;

/** Asks for one and stays until it is made; whoever steps back leaves it to the server. */
async function makeNow(place: Place): Promise<void> {
  const { dialogue, visit, me } = place;
  const before = granted(place, await loadBackups(visit.send));
  granted(place, await askForBackup(visit.send));
  dialogue.say('A backup is being made. Ctrl+C leaves it to the server.');
  for (;;) {
    const { running, newestAt, failure } = granted(place, await loadBackups(visit.send));
    if (failure !== null && failure.at !== before.failure?.at) {
      dialogue.complain(problemTexts[failure.problem]);
      return;
    }
    if (running === null && newestAt !== null && newestAt !== before.newestAt) {
      dialogue.say(`It is made: ${dayAndTime(newestAt, me.zone)}.`);
      return;
    }
    await dialogue.rest(lookEveryMs);
  }
}
