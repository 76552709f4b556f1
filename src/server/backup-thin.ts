import { decideKept, type KeepRule } from '../core/backup-schedule.ts';
import { type KnownBackup, loadBackupState, noteBackups } from '../store/backup-state.ts';
import type { App } from './app.ts';
import type { BackupFolder } from './backup-folder.ts';

/**
 * Removes the backups that the rule lets go, and nothing but files that were made here and are still what was made.
 * What somebody took away or changed is forgotten: it is not ours any more. What cannot be removed is tried again the next
 * time, and keeps no other from going.
 * @throws what the system said of the first that could not be removed, when all others are gone
 */
export async function thinBackups(
  { store, settings }: Pick<App, 'store' | 'settings'>,
  folder: BackupFolder,
  keep: KeepRule,
): Promise<void> {
  const { made } = await loadBackupState(store);
  const whole: KnownBackup[] = [];
  for (const one of made) if (await folder.isWhole(one)) whole.push(one);
  const kept = decideKept(whole, keep, settings.current.zone);
  const over = whole.filter(({ name }) => !kept.has(name));
  const stuck = new Map<string, unknown>();
  for (const { name } of over) {
    await folder.remove(name).catch((error: unknown) => stuck.set(name, error));
  }
  const stays = ({ name }: KnownBackup) => kept.has(name) || stuck.has(name);
  const gone = new Set(made.flatMap((one) => (stays(one) ? [] : one.name)));
  const files = over.length - stuck.size;
  if (gone.size > 0) {
    await noteBackups(
      store,
      (before) => ({ ...before, made: before.made.filter(({ name }) => !gone.has(name)) }),
      () => (files === 0 ? null : { type: 'backup.thinned', actor: 'job', facts: { files } }),
    );
  }
  const [problem] = stuck.values();
  if (stuck.size > 0) throw problem;
}
