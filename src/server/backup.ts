import type { BackupSettings, BackupsView } from '../core/backup.wire.ts';
import {
  backupAgeDays,
  isDue,
  type KeepRule,
  nextOccasion,
  oldBackupDays,
} from '../core/backup-schedule.ts';
import type { Instant } from '../core/brand.ts';
import type { Warning } from '../core/organisation.wire.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import {
  type BackupState,
  loadBackupSettings,
  loadBackupState,
  noteBackups,
  saveBackupSettings,
} from '../store/backup-state.ts';
import { isLeased } from '../store/lease.ts';
import { commit } from '../store/ledger.ts';
import { loadNewestBackupAt, loadOrganisation } from '../store/organisation.ts';
import type { SignedIn } from '../store/sign-in.ts';
import { organisationStream } from '../store/store.ts';
import type { App } from './app.ts';

/** Everything that the page of backups shows; where the folder lies is for administrators only. */
export async function presentBackups(app: App, me: SignedIn): Promise<BackupsView> {
  const { store, backups } = app;
  const [settings, state, place, { since, ...age }] = await Promise.all([
    loadBackupSettings(store),
    loadBackupState(store),
    findPlace(app),
    measureAge(app),
  ]);
  const here = place === 'here' ? backups : null;
  const files = await here?.folder.list().catch(() => new Set<string>());
  const made = state.made.filter(({ name }) => files?.has(name) ?? true);
  const { asked, begun, failure } = state;
  const running = place === 'none' ? null : (begun ?? asked);
  return {
    settings,
    place,
    folder: here && me.roles.has('admin') ? here.folder.path : null,
    sameDisk: (await here?.folder.isOnDataDisk()) ?? null,
    folderProblem: (await here?.findProblem(state)) ?? null,
    ...age,
    nextAt: place === 'none' || !settings.on ? null : findNext(app, settings, state, since),
    running: running && { since: running.at, progress: here?.progress ?? null },
    failure: failure && { at: failure.at, problem: failure.problem, tries: failure.tries },
    backups: made
      .map(({ name, at, bytes, sound }) => ({ name, madeAt: at, bytes, sound }))
      .toSorted((one, other) => other.madeAt - one.madeAt),
  };
}

async function findPlace({ store, backups, leases }: App): Promise<BackupsView['place']> {
  if (leases.holds('backup')) return 'here';
  if (await isLeased(store, 'backup')) return 'elsewhere';
  return backups ? 'here' : 'none';
}

/** Which of the backups that are made by themselves stay; null where none are made. */
export async function loadKeptBackups(app: App): Promise<KeepRule | null> {
  const [{ on, keep }, place] = await Promise.all([loadBackupSettings(app.store), findPlace(app)]);
  return on && place !== 'none' ? keep : null;
}

/** What administrators and auditors are warned of. */
export async function warnOfBackups(app: App): Promise<Warning[]> {
  const { store } = app;
  const [{ elsewhere }, { failure }, { newestAt, ageDays, old }] = await Promise.all([
    loadBackupSettings(store),
    loadBackupState(store),
    measureAge(app),
  ]);
  const warnings: Warning[] = [];
  if (failure) {
    const { at, problem } = failure;
    warnings.push({ kind: 'backup-failed', at, detail: { problem } });
  }
  if (old && !elsewhere) {
    const detail = newestAt === null ? {} : { days: ageDays };
    warnings.push({ kind: 'no-backup', at: store.clock.now(), detail });
  }
  return warnings;
}

/** How old the newest backup is, whoever made it. */
async function measureAge({ store }: App) {
  const [newestAt, { created_at }] = await Promise.all([
    loadNewestBackupAt(store),
    loadOrganisation(store),
  ]);
  const since = created_at as Instant;
  const ageDays = backupAgeDays(newestAt, since, store.clock.now());
  return { since, newestAt, ageDays, old: ageDays >= oldBackupDays };
}

function findNext(
  { store, settings: { current } }: App,
  { time }: BackupSettings,
  { made, failure }: BackupState,
  since: Instant,
): Instant {
  const now = store.clock.now();
  const plan = { time, zone: current.zone };
  if (!isDue(plan, { made: made.map(({ at }) => at), since, now }))
    return nextOccasion(time, current.zone, now);
  return failure && failure.nextAt > now ? failure.nextAt : now;
}

/** Says when backups are made by themselves and which of them stay. */
export async function changeBackups(
  { store, backups }: App,
  actor: string,
  settings: BackupSettings,
): Promise<{ ok: true }> {
  await commit(store, async (writing) => {
    const { now, tx } = writing;
    await writing.lock([organisationStream]);
    const before = await loadBackupSettings(store, tx);
    await saveBackupSettings(store, writing, settings);
    await writing.append([
      {
        stream: organisationStream,
        type: 'backup.changed',
        occurredAt: now,
        actor,
        subject: null,
        facts: { before, after: settings },
      },
    ]);
  });
  if (!settings.on) await noteBackups(store, (before) => ({ ...before, failure: null }));
  backups?.wake();
  return { ok: true };
}

/** Asks for a backup now. Whichever instance makes them begins within seconds; the page shows how it goes on. */
export async function askForBackup(app: App, actor: string): Promise<{ ok: true } | Refusal> {
  if ((await findPlace(app)) === 'none') return refuse('backup-folder-missing');
  const at = app.store.clock.now();
  await noteBackups(app.store, (before) => ({
    ...before,
    asked: before.begun ? before.asked : { at, actor },
  }));
  app.backups?.wake();
  return { ok: true };
}
