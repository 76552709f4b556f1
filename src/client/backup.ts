import type { BackupSettings, BackupsView } from '../core/backup.wire.ts';
import type { Send } from './request.ts';

/** State, schedule and files of backups. */
export const loadBackups = (send: Send) => send<BackupsView>('GET', '/api/backups');

/** Makes one now; `loadBackups` shows how it goes on. */
export const askForBackup = (send: Send) => send<unknown>('POST', '/api/backups', {});

export const changeBackups = (send: Send, settings: BackupSettings) =>
  send<unknown>('POST', '/api/backups/settings', settings);
