import type { Clock, Random } from '../core/clock.ts';
import { explainLostEpoch } from './backup-check.ts';
import { deriveChunkKey } from './backup-chunk.ts';
import { BackupError } from './backup-error.ts';
import type { RowHeader } from './backup-file.ts';
import { type BackupLedger, BackupLedgerCheck } from './backup-ledger.ts';
import type { BackupPage } from './backup-page.ts';
import { type RowCounts, readRows } from './backup-rows.ts';
import type { BackupSource } from './backup-source.ts';
import type { Engine } from './engine.ts';
import type { OpenedInstallation } from './installation.ts';
import { bringTo } from './migrate.ts';
import { newestVersion } from './migrations/map.ts';
import { sumTable } from './move-copy.ts';
import { TableDigest } from './move-digest.ts';
import type { MovedTable } from './move-table.ts';
import { openOrganisation, openOrganisationKey, wrapOrganisationKey } from './organisation.ts';
import { applyDestroyed, mendKeys } from './restore-erasure.ts';
import { Vault } from './vault.ts';

/** Rows of one transaction, about. */
const rowsAtOnce = 8_000;

/** How far a restore has come. */
export interface RestoreProgress {
  readonly rows: number;
}

/** What a backup of rows holds. */
export interface RowContents extends BackupLedger {
  readonly tables: RowCounts;
}

/** A backup of rows whose keys have been found. */
export class RowBackup {
  readonly #source: BackupSource;
  readonly #key: Uint8Array;
  readonly #header: RowHeader;
  readonly #installation: OpenedInstallation;
  /** The organisation's key, where it lies under another master key than the one that opens the rest. */
  readonly #organisationKey: Uint8Array | null;

  private constructor(
    source: BackupSource,
    header: RowHeader,
    installation: OpenedInstallation,
    organisationKey: Uint8Array | null,
    key: Uint8Array,
  ) {
    this.#source = source;
    this.#header = header;
    this.#installation = installation;
    this.#organisationKey = organisationKey;
    this.#key = key;
  }

  /**
   * @param line the backup's first line
   * @throws KeyError
   */
  static async open(
    source: BackupSource,
    header: RowHeader,
    line: string,
    installation: OpenedInstallation,
  ): Promise<RowBackup> {
    const { organisation } = header;
    const row = { organisation, wrapped_key: Buffer.from(header.wrappedKey, 'base64') };
    const { keys, master, older = [] } = installation;
    const { key, master: found } = await openOrganisationKey(row, keys, [master, ...older]);
    const { backupKey } = new Vault(organisation, key, new Map(), (epoch) => keys.findEpoch(epoch));
    const other = Buffer.from(found).equals(master) ? null : key;
    return new RowBackup(source, header, installation, other, deriveChunkKey(backupKey, line));
  }

  /**
   * Reads it to its end, handing every page to `take`.
   * @throws BackupError
   */
  async read(
    take: (page: BackupPage) => Promise<void> | void,
    tell: (progress: RestoreProgress) => void,
  ): Promise<RowContents> {
    const check = new BackupLedgerCheck();
    const pages = readRows(this.#source, this.#key);
    let rows = 0;
    for (;;) {
      const step = await pages.next();
      if (step.done) return { tables: step.value, ...check.end() };
      await take(step.value);
      check.add(step.value);
      rows += step.value.rows.length;
      tell({ rows });
    }
  }

  /**
   * Puts all rows into a database without any table, reads them back, brings it to the newest schema, and erases again
   * whoever was erased after the backup.
   * @throws BackupError, KeyError; then what is in the database is good for nothing
   */
  async load(
    engine: Engine,
    {
      clock,
      random,
      tell,
    }: { clock: Clock; random: Random; tell: (progress: RestoreProgress) => void },
  ): Promise<RowContents & { erased: number }> {
    await bringTo(engine, this.#header.schema);
    const loader = new Loader(engine);
    const given = new Map<string, TableDigest>();
    const take = (page: BackupPage) => {
      const digest = given.get(page.table) ?? new TableDigest();
      given.set(page.table, digest);
      digest.add(page.rows);
      return loader.add(page);
    };
    const found = await this.read(take, tell).finally(() => loader.settle());
    await loader.finish();
    for (const [table, digest] of given) {
      const [wanted, arrived] = [digest.sum(), await sumTable(engine, table as MovedTable)];
      if (arrived.rows === wanted.rows && arrived.sha256 === wanted.sha256) continue;
      throw new BackupError(
        `What was read back of ${table} is not what the backup holds (${arrived.rows} of ${wanted.rows} rows, or other ones): check that database and its disk. Nothing was restored.`,
      );
    }
    await bringTo(engine, newestVersion);
    await this.#wrapOrganisation(engine);
    const { keys, master } = this.#installation;
    await mendKeys(engine, keys);
    const place = { zone: 'UTC', dayFiles: false, wake: () => {} };
    const store = await openOrganisation({ engine, keys, master, clock, random, ...place }).catch(
      (error: unknown) => {
        throw explainLostEpoch(error, this.#source.named, keys.path);
      },
    );
    return { ...found, erased: await applyDestroyed(store) };
  }

  /** Under the master key that the target's description names: a rotation was under way. */
  async #wrapOrganisation(engine: Engine): Promise<void> {
    if (!this.#organisationKey) return;
    const { organisation } = this.#header;
    const { master } = this.#installation;
    const wrapped_key = wrapOrganisationKey(organisation, this.#organisationKey, master);
    await engine.write((tx) =>
      tx
        .updateTable('organisation')
        .set({ wrapped_key })
        .where('organisation', '=', organisation)
        .execute(),
    );
  }
}

/** Puts pages into a database, some of them in one transaction, while the next ones are opened and checked. */
class Loader {
  readonly #engine: Engine;
  #waiting: BackupPage[] = [];
  #rows = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async add(page: BackupPage): Promise<void> {
    this.#waiting.push(page);
    this.#rows += page.rows.length;
    if (this.#rows >= rowsAtOnce) await this.#flush();
  }

  async finish(): Promise<void> {
    await this.#flush();
    await this.#writing;
  }

  /** Resolves when nothing is being written any more, whether or not it was. */
  async settle(): Promise<void> {
    await this.#writing.catch(() => {});
  }

  async #flush(): Promise<void> {
    await this.#writing;
    const pages = this.#waiting;
    this.#waiting = [];
    this.#rows = 0;
    this.#writing = this.#engine.write(async (tx) => {
      for (const { table, rows } of pages)
        await this.#engine.insertMany(tx, table as MovedTable, rows as never[]);
    });
    // the next one who waits for it hears of it
    this.#writing.catch(() => {});
  }
}
