import type { Kysely } from 'kysely';
import { z } from 'zod';
import { type BackupSettings, backupProblems, backupSettings } from '../core/backup.wire.ts';
import type { Instant } from '../core/brand.ts';
import { commit, type EventDraft, type Writing } from './ledger.ts';
import type { Schema } from './schema.ts';
import { loadSetting, saveSetting } from './setting.ts';
import { organisationStream, type Store } from './store.ts';

const settingsName = 'backup';
const stateName = 'backup-state';

/** A name that `backupName` gives, and no way out of the folder. */
const name = z.string().regex(/^muster-[\dTZ-]{1,40}\.backup$/);
const instant = z.number().transform((ms) => ms as Instant);
const made = z.object({
  name,
  at: instant,
  bytes: z.number(),
  /** Tells its file from any other. */
  mark: z.string(),
  sound: z.boolean(),
});
const state = z.object({
  /** Those that lie in the folder, as far as it is known: no other file there is ever touched. */
  made: z.array(made),
  /** One that is being made, or whose maker was ended in the middle. */
  begun: z.object({ name, at: instant, actor: z.string() }).nullable(),
  asked: z.object({ at: instant, actor: z.string() }).nullable(),
  failure: z
    .object({ at: instant, problem: z.enum(backupProblems), tries: z.number(), nextAt: instant })
    .nullable(),
});
/** What the making of backups knows from one time to the next, whichever instance does it. */
export type BackupState = z.infer<typeof state>;
/** A backup that was made and should lie in the folder. */
export type KnownBackup = z.infer<typeof made>;

const nothingYet: BackupState = { made: [], begun: null, asked: null, failure: null };

/** Where data lie in a folder of one machine, backups are on from the beginning; whoever runs a server decides. */
const usual = (store: Store): BackupSettings => ({
  on: store.engine.exclusive,
  time: '02:00',
  keep: { daily: 7, weekly: 4, monthly: 12 },
  elsewhere: false,
});

export const loadBackupSettings = (store: Store, db?: Kysely<Schema>): Promise<BackupSettings> =>
  loadSetting(store, settingsName, backupSettings, usual(store), db);

/** The caller locks the organisation's stream and appends the event. */
export const saveBackupSettings = (
  store: Store,
  writing: Pick<Writing, 'tx'>,
  settings: BackupSettings,
): Promise<void> => saveSetting(store, writing, settingsName, settings);

export const loadBackupState = (store: Store, db?: Kysely<Schema>): Promise<BackupState> =>
  loadSetting(store, stateName, state, nothingYet, db);

/** What an event about backups says; nobody is named in it. */
type Told = Pick<EventDraft, 'type' | 'actor' | 'facts'>;

/** Changes what is known, by what stands at this moment; with the event that tells of it, where there is one. */
export function noteBackups(
  store: Store,
  change: (before: BackupState) => BackupState,
  tell: (after: BackupState) => Told | null = () => null,
): Promise<BackupState> {
  return commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    const after = change(await loadBackupState(store, writing.tx));
    await saveSetting(store, writing, stateName, after);
    const told = tell(after);
    const place = { stream: organisationStream, occurredAt: writing.now, subject: null };
    await writing.append(told ? [{ ...place, ...told }] : []);
    return after;
  });
}
