import type { Catalogue } from './message.ts';

/** Texts of backups: their state, schedule and files. */
export const enBackup = {
  'backup.title': 'Backups',
  'backup.lead': 'Copies of all data, encrypted, each read back and checked before it counts.',
  'backup.open': 'Backups and their schedule',
  'backup.state': 'State',
  'backup.newest': 'Newest backup',
  'backup.newest-none': 'none yet',
  'backup.next': 'Next by itself',
  'backup.next-soon': 'within a minute',
  'backup.next-off': 'none: switched off',
  'backup.next-nowhere': 'none: there is no folder',
  'backup.folder': 'Folder',
  'backup.now': 'Back up now',
  'backup.begins': 'A backup begins.',
  'backup.running': 'A backup is being made since {since}.',
  'backup.running-elsewhere': 'A backup is being made since {since} by another server.',
  'backup.done': 'The backup is made and checked.',
  'backup.problem-folder-missing': 'its folder is not there',
  'backup.problem-folder-refused': 'its folder cannot be written',
  'backup.problem-no-room': 'there is too little room on its disk',
  'backup.problem-failed': 'something went wrong, which the log of the server tells',
  'backup.todo-folder-missing':
    'Connect or mount its disk, or start Muster with another --backup-folder.',
  'backup.todo-folder-refused':
    'Give the account that runs Muster the right to write there, or start Muster with another --backup-folder.',
  'backup.todo-no-room':
    'Make room: a backup may be as large as the data, and some has to be left for attendance. Keeping fewer helps as well.',
  'backup.todo-failed': 'Look at the log. muster doctor on the machine says what else is wrong.',
  'backup.warn-none': 'No backup was made yet. Settings, Backups, says what to do.',
  'backup.warn-old': {
    by: 'days',
    one: 'The newest backup is {days} day old. Settings, Backups, says what to do.',
    other: 'The newest backup is {days} days old. Settings, Backups, says what to do.',
  },
  'backup.warn-failed':
    'A backup could not be made: {problem}. Settings, Backups, says what to do.',
  'backup.old-none': 'No backup was made yet. If this machine is lost now, so are all data.',
  'backup.old': {
    by: 'days',
    one: 'The newest backup is {days} day old: what came since would be lost with this machine.',
    other: 'The newest backup is {days} days old: what came since would be lost with this machine.',
  },
  'backup.old-todo-now': 'Make one now, and see below why none is made by itself.',
  'backup.old-todo-command':
    'Make one with muster backup FILE, or start Muster with --backup-folder FOLDER.',
  'backup.failure': {
    by: 'tries',
    one: 'On {when} no backup could be made: {problem}.',
    other: '{tries} tries in a row failed, the last on {when}: {problem}.',
  },
  'backup.folder-problem': 'The next backup would fail: {problem}.',
  'backup.unsound':
    'In the newest backup the ledger does not hold: something was changed by another hand. Older backups in which it holds are kept. See what with muster verify.',
  'backup.nowhere':
    'No server was given a folder for backups. On the machine, start it with --backup-folder FOLDER: for safety a folder cannot be chosen on this page.',
  'backup.same-disk':
    'Folder and data lie on the same disk: if that is lost, both are, so this is only half a backup. Start Muster with --backup-folder on another disk, or copy the files elsewhere now and then.',
  'backup.keys-apart':
    'The keys are not in a backup. Keep the recovery sheet or a copy of the key folder elsewhere, apart from the backups: without them nobody can read one.',
  'backup.files': 'Files',
  'backup.files-elsewhere': 'They lie where the server is that makes them.',
  'backup.none': 'No file yet',
  'backup.none-lead':
    'What is made by the schedule or the button lies here. Backups by the command muster backup are not listed.',
  'backup.name': 'File',
  'backup.made-at': 'Made',
  'backup.size': 'Size',
  'backup.ledger': 'Ledger',
  'backup.ledger-sound': 'holds',
  'backup.ledger-unsound': 'does not hold',
  'backup.schedule': 'Schedule',
  'backup.on': 'Make a backup every day',
  'backup.on-hint':
    'If the machine sleeps or is off at that time, one is made when it is back. Check-ins go on meanwhile.',
  'backup.time': 'Time of the day',
  'backup.keep-daily': 'Days to keep',
  'backup.keep-daily-hint': 'The newest of each day.',
  'backup.keep-weekly': 'Weeks to keep',
  'backup.keep-weekly-hint': 'The newest of each week.',
  'backup.keep-monthly': 'Months to keep',
  'backup.keep-monthly-hint': 'The newest of each month.',
  'backup.keep-note':
    'Older ones are removed after a new one was made and checked. The newest is never removed, nor any file that Muster did not make here.',
  'backup.elsewhere': 'Backups are made by other means',
  'backup.elsewhere-hint':
    'Nobody is warned when there is none here: for a database server with backups of its own.',
  'backup.schedule-on':
    'Every day at {time}. Kept are the newest of {daily} days, {weekly} weeks and {monthly} months.',
  'backup.schedule-off': 'No backup is made by itself.',
  'backup.restore': 'Put one back',
  'backup.restore-lead':
    'That is done in the terminal, never here: into a new, empty folder, or with --database into an empty database. The keys have to be in their place, and nothing that is there is overwritten. With --dry-run it only looks whether the backup is whole.',
  'backup.restore-command': 'Command that restores a backup',
  'backup.restore-then':
    'Then check it with muster verify, and start Muster on what was restored. On a new machine put the keys back first, with muster recover.',
} as const satisfies Catalogue;
