import type { LocalDate, StreamName } from '../core/brand.ts';
import { localDate } from '../core/local-time.ts';
import { organisationStream, peopleStream, sessionOf } from '../store/store.ts';
import type { App } from './app.ts';
import { DayBook } from './day-book.ts';
import { renderDayFile } from './day-file.ts';
import { listStaleDays, PeopleChanges, sliceOf } from './day-file-days.ts';
import { checkDayFolder, DayFileFolder } from './day-file-folder.ts';

/** What the writer stands on. */
export type DayFileApp = Pick<
  App,
  'store' | 'directory' | 'settings' | 'warnings' | 'log' | 'databaseAway'
>;

/** Check-ins within this time share a file; the first of a quiet time waits only this long. */
const gatherMs = 80;
/** From one round to the next: a rush costs at most so many renderings. */
const roundMs = 500;
/** A round that takes longer than this gives way to new check-ins. */
const longRoundMs = 200;
const firstRetryMs = 500;
const lastRetryMs = 10_000;

interface Due {
  failures: number;
  /** On the timer's clock. */
  notBefore: number;
}

/**
 * Keeps the day files true: woken after every commit, it writes the files of the touched days within a second. A
 * file that another program holds open is tried again, with a warning; nobody waits for any of this.
 */
export class DayFileWriter implements AsyncDisposable {
  readonly #app: DayFileApp;
  readonly #folder: DayFileFolder;
  readonly #book: DayBook;
  readonly #people: PeopleChanges;
  #woken = new Set<StreamName>();
  readonly #due = new Map<LocalDate, Due>();
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #lastRound = -roundMs;
  /** The zone in which the files that stand were written; null while day files are off. */
  #zone: string | null = null;
  readonly #mayWrite: () => boolean;
  #stopped = false;
  /** On the timer's clock. */
  #timerAt = 0;

  /**
   * Starts at once with today's file and those that are missing or older than what happened on their day.
   * @param mayWrite asked before each file: of several instances one writes
   */
  constructor(
    app: DayFileApp,
    {
      dayFolder,
      dataFolder,
      mayWrite = () => true,
    }: { dayFolder: string; dataFolder: string; mayWrite?: () => boolean },
  ) {
    checkDayFolder(dayFolder, dataFolder);
    this.#app = app;
    this.#folder = new DayFileFolder(dayFolder);
    this.#book = new DayBook(app.store);
    this.#people = new PeopleChanges(app.store);
    this.#mayWrite = mayWrite;
    this.wake([organisationStream]);
  }

  /** Streams grew: looks which days that touches. */
  wake(streams: readonly StreamName[]): void {
    for (const stream of streams) {
      if (sessionOf(stream) === null && stream !== peopleStream && stream !== organisationStream) {
        continue;
      }
      this.#woken.add(stream);
    }
    this.#plan();
  }

  #plan(): void {
    if (this.#stopped || this.#running || (this.#timer && this.#woken.size === 0)) return;
    const now = performance.now();
    const retries = [...this.#due.values()].map(({ notBefore }) => notBefore);
    const first = this.#woken.size > 0 ? now + gatherMs : Math.min(...retries);
    if (first === Number.POSITIVE_INFINITY) return;
    if (this.#timer && this.#timerAt <= Math.max(first, this.#lastRound + roundMs)) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timerAt = Math.max(first, this.#lastRound + roundMs);
    this.#timer = setTimeout(() => this.#start(), this.#timerAt - now).unref();
  }

  #start(): void {
    this.#timer = null;
    this.#lastRound = performance.now();
    this.#running = this.#round(this.#lastRound)
      .catch((error: unknown) => this.#app.databaseAway.log(error, 'day files'))
      .finally(() => {
        this.#running = null;
        this.#plan();
      });
  }

  async #round(now: number): Promise<void> {
    const woken = this.#woken;
    this.#woken = new Set();
    const { dayFiles, zone } = this.#app.settings.current;
    if (!dayFiles) {
      this.#zone = null;
      this.#due.clear();
      return;
    }
    try {
      if (this.#zone !== zone) {
        await this.#people.skip();
        for (const date of await listStaleDays(this.#app.store, this.#folder, zone)) {
          this.#touch(date);
        }
        this.#zone = zone;
      }
      await this.#look(woken, zone);
    } catch (error) {
      for (const stream of woken) this.#woken.add(stream);
      this.#zone = null;
      throw error;
    }
    // newest day first; whoever checks in meanwhile is not kept waiting for the files of a long past
    for (const [date, due] of [...this.#due].sort(([left], [right]) => (left < right ? 1 : -1))) {
      if (due.notBefore > now) continue;
      await this.#write(date, zone, due);
      if (this.#woken.size > 0 && performance.now() - now > longRoundMs) return;
    }
  }

  async #look(woken: ReadonlySet<StreamName>, zone: string): Promise<void> {
    for (const stream of woken) {
      const session = sessionOf(stream);
      if (session === null) continue;
      const slices = new Set([...(await this.#book.refresh(session))].map(sliceOf));
      for (const at of slices) {
        this.#book.note(session, at);
        this.#touch(localDate(at, zone));
      }
    }
    if (!woken.has(peopleStream)) return;
    for (const { session, at } of await this.#people.arrivals()) {
      this.#book.note(session, at);
      this.#touch(localDate(at, zone));
    }
  }

  #touch(date: LocalDate): void {
    if (!this.#due.has(date)) this.#due.set(date, { failures: 0, notBefore: 0 });
  }

  async #write(date: LocalDate, zone: string, due: Due): Promise<void> {
    const { store, directory, warnings } = this.#app;
    try {
      const text = await renderDayFile(store, directory, date, zone, this.#book);
      if (!this.#mayWrite()) return;
      await this.#folder.write(date, text);
      this.#due.delete(date);
      warnings.clear('day-file-held', date);
      warnings.clear('disk-full', 'day-files');
    } catch (error) {
      this.#fail(date, due, error as NodeJS.ErrnoException);
    }
  }

  #fail(date: LocalDate, due: Due, error: NodeJS.ErrnoException): void {
    const { warnings, log, databaseAway } = this.#app;
    const { code, path } = error;
    const file = this.#folder.file(date);
    due.notBefore = performance.now() + Math.min(firstRetryMs * 2 ** due.failures, lastRetryMs);
    due.failures += 1;
    // what a file says is read from the database; errors of files name a path
    if (path === undefined && databaseAway.causes(error)) return;
    if (code === 'ENOSPC' || code === 'EDQUOT') warnings.raise('disk-full', { file }, 'day-files');
    else if (code?.startsWith('E')) warnings.raise('day-file-held', { file, code }, date);
    if (due.failures === 1) log.warn({ file, err: error }, 'day file not written; trying again');
  }

  /** Writes what is still to be written, once. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
    if (!this.#mayWrite() || (this.#woken.size === 0 && this.#due.size === 0)) return;
    await this.#round(Number.POSITIVE_INFINITY).catch((error: unknown) =>
      this.#app.databaseAway.log(error, 'day files'),
    );
  }
}

/**
 * Writes day files while this instance holds the lease, and on taking it over catches up as at a start. Null where
 * there is no folder for day files.
 */
export async function openDayFiles(
  app: DayFileApp & Pick<App, 'config' | 'leases'>,
): Promise<Pick<DayFileWriter, 'wake'> | null> {
  const { dayFolder, dataFolder } = app.config;
  if (dayFolder === null) return null;
  let writer: DayFileWriter | null = null;
  await app.leases.whileHeld('day-files', async ({ holds: mayWrite }) => {
    const opened = new DayFileWriter(app, { dayFolder, dataFolder, mayWrite });
    writer = opened;
    return {
      [Symbol.asyncDispose]() {
        writer = null;
        return opened[Symbol.asyncDispose]();
      },
    };
  });
  return { wake: (streams) => writer?.wake(streams) };
}
