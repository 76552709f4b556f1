import type { FastifyBaseLogger } from 'fastify';
import type { BackupProblem, BackupSettings } from '../core/backup.wire.ts';
import { backupName, isDue, retryPauseMs } from '../core/backup-schedule.ts';
import type { Instant } from '../core/brand.ts';
import { type BackupMade, type BackupProgress, backup } from '../store/backup.ts';
import {
  type BackupState,
  type KnownBackup,
  loadBackupSettings,
  loadBackupState,
  noteBackups,
} from '../store/backup-state.ts';
import type { OpenedStore } from '../store/open.ts';
import { loadOrganisation } from '../store/organisation.ts';
import type { App } from './app.ts';
import { BackupFolder, nameProblem } from './backup-folder.ts';
import { thinBackups } from './backup-thin.ts';
import { repeatedly } from './jobs.ts';
import type { Tenure } from './lease.ts';

/** Makes one backup: a whole file under this name, or none. */
export type MakeBackup = (
  target: string,
  actor: string,
  tell: (progress: BackupProgress) => void,
) => Promise<BackupMade>;

const everyMs = 5_000;

/**
 * Makes backups in a folder when they are due or asked for, and thins the old ones. What it knows lies in the
 * database, so that another instance can go on; of several that were given a folder one does it.
 */
export class BackupJob {
  readonly folder: BackupFolder;
  readonly #app: Pick<App, 'store' | 'settings' | 'databaseAway'>;
  readonly #log: Pick<FastifyBaseLogger, 'info' | 'warn'>;
  readonly #make: MakeBackup;
  /** How far the running backup is; null while none is made here. */
  progress: BackupProgress | null = null;
  /** Known to this process too, where it could not be written down. */
  #failedAt = Number.NEGATIVE_INFINITY;
  #wake: () => void = () => {};

  constructor(
    app: Pick<App, 'store' | 'settings' | 'databaseAway' | 'log'>,
    folder: BackupFolder,
    make: MakeBackup,
  ) {
    this.#app = app;
    this.#log = app.log;
    this.folder = folder;
    this.#make = make;
  }

  /** Looks now and then for something to do, as long as the lease is held. */
  async begin(tenure: Tenure): Promise<AsyncDisposable> {
    const repeated = repeatedly(everyMs, () =>
      this.look(tenure).catch((error: unknown) =>
        this.#app.databaseAway.log(error, 'job failed', { job: 'backup' }),
      ),
    );
    this.#wake = repeated.now;
    return {
      [Symbol.asyncDispose]: () => {
        this.#wake = () => {};
        return repeated[Symbol.asyncDispose]();
      },
    };
  }

  /** Looks at once. */
  wake(): void {
    this.#wake();
  }

  /** Makes a backup if one is wanted at this moment. */
  async look(tenure: Tenure): Promise<void> {
    const { store } = this.#app;
    const settings = await loadBackupSettings(store);
    const known = await loadBackupState(store);
    const { created_at } = await loadOrganisation(store);
    const findWish = (state: BackupState) => this.#findWish(settings, state, created_at as Instant);
    // from here on what was begun would be taken for left behind: it may be another instance's that took over
    if (!tenure.holds() || tenure.signal.aborted) return;
    if (findWish(await this.#tidy(known)) === null) return;
    const begun = await this.#begin(findWish);
    if (begun && (await this.#run(begun, tenure)))
      await thinBackups(this.#app, this.folder, settings.keep);
  }

  /** What was begun before by somebody who was ended. */
  async #tidy(state: BackupState): Promise<BackupState> {
    if (!state.begun) return state;
    const { name } = state.begun;
    await this.folder.clean(name);
    return noteBackups(this.#app.store, (before) => ({
      ...before,
      begun: withoutName(before.begun, name),
    }));
  }

  /** Who wants a backup now: whoever asked, or the clock. */
  #findWish({ on, time }: BackupSettings, state: BackupState, since: Instant): string | null {
    const { store, settings } = this.#app;
    if (state.asked) return state.asked.actor;
    const now = store.clock.now();
    const { failure } = state;
    const isPause = failure !== null && now >= failure.at && now < failure.nextAt;
    const isOwnPause = now >= this.#failedAt && now < this.#failedAt + retryPauseMs(1);
    if (!on || isPause || isOwnPause) return null;
    const plan = { time, zone: settings.current.zone };
    return isDue(plan, { made: state.made.map(({ at }) => at), since, now }) ? 'job' : null;
  }

  /** Decided once more in the transaction: null where another instance was faster. */
  async #begin(findWish: (state: BackupState) => string | null): Promise<Begun | null> {
    const at = this.#app.store.clock.now();
    let mine: Begun | null = null;
    await noteBackups(this.#app.store, (before) => {
      const actor = before.begun ? null : findWish(before);
      mine = actor === null ? null : { name: backupName(at), at, actor };
      return mine ? { ...before, begun: mine, asked: null } : before;
    });
    return mine;
  }

  /** True where a backup was made. */
  async #run({ name, at, actor }: Begun, { signal }: Tenure): Promise<boolean> {
    const { folder } = this;
    const state = await loadBackupState(this.#app.store);
    try {
      const problem = await this.findProblem(state);
      if (problem) return await this.#fail(name, actor, problem);
      await folder.prepare();
      const { bytes, faults } = await this.#make(folder.file(name), actor, (progress) => {
        this.progress = progress;
        signal.throwIfAborted();
      });
      const mark = await folder.readMark(name);
      const made: KnownBackup = { name, at, bytes, mark, sound: faults.length === 0 };
      await noteBackups(this.#app.store, (before) => ({
        ...before,
        made: [...before.made, made],
        // another instance may have begun one, where this one lost its lease at the end
        begun: withoutName(before.begun, name),
        failure: null,
      }));
      return true;
    } catch (error) {
      if (signal.aborted) {
        await noteBackups(this.#app.store, (before) => ({
          ...before,
          begun: withoutName(before.begun, name),
        }));
        return false;
      }
      this.#log.warn({ err: error }, 'backup not made');
      return await this.#fail(name, actor, (await this.findProblem(state)) ?? nameProblem(error));
    } finally {
      this.progress = null;
    }
  }

  /** What speaks against a backup at this moment. */
  async findProblem(state: BackupState): Promise<BackupProblem | null> {
    return this.folder.findProblem(await this.folder.measure(state));
  }

  /** It is tried again after a pause that grows; what was asked for is not. */
  async #fail(name: string, actor: string, problem: BackupProblem): Promise<false> {
    const at = this.#app.store.clock.now();
    this.#log.warn({ problem }, 'backup failed');
    this.#failedAt = at;
    await noteBackups(
      this.#app.store,
      (before) => {
        const tries = (before.failure?.tries ?? 0) + 1;
        const nextAt = (at + retryPauseMs(tries)) as Instant;
        const begun = withoutName(before.begun, name);
        return { ...before, begun, failure: { at, problem, tries, nextAt } };
      },
      ({ failure }) => ({
        type: 'backup.failed',
        actor,
        facts: { problem, tries: failure?.tries ?? 1 },
      }),
    );
    return false;
  }
}

/** What makes backups of the data that are open; null where no folder was named. */
export function openBackups(
  app: Pick<App, 'config' | 'store' | 'settings' | 'databaseAway' | 'log'>,
  { installation, embedded }: OpenedStore,
): BackupJob | null {
  const { config, store } = app;
  if (config.backupFolder === null) return null;
  const dataFolder = embedded ? config.dataFolder : null;
  return new BackupJob(
    app,
    new BackupFolder(config.backupFolder, dataFolder),
    (target, actor, tell) =>
      backup({ store, installation, dataFolder, target, actor, tell, serving: true }),
  );
}

type Begun = NonNullable<BackupState['begun']>;

const withoutName = (begun: BackupState['begun'], name: string): BackupState['begun'] =>
  begun?.name === name ? null : begun;
