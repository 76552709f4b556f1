import { type BackupSettings, backupSettings } from '../core/backup.wire.ts';
import { askForBackup, changeBackups, presentBackups } from './backup.ts';
import { type Route, route, signedIn } from './route.ts';

/** Backups that are made by themselves. Where they lie is said at the start of a server, never here. */
export const backupRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/backups',
    needs: 'backup.read',
    handle: (context) => presentBackups(context.app, signedIn(context)),
  }),
  route({
    method: 'POST',
    path: '/api/backups',
    needs: 'backup.change',
    handle: (context) => askForBackup(context.app, signedIn(context).person),
  }),
  route<BackupSettings>({
    method: 'POST',
    path: '/api/backups/settings',
    needs: 'backup.change',
    body: backupSettings,
    handle: (context) => changeBackups(context.app, signedIn(context).person, context.body),
  }),
];
