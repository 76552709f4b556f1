import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseAddress } from '../src/store/database-address.ts';
import { readDatabaseAddress } from '../src/store/database-address.ts';
import type { EngineName } from '../src/store/engine.ts';
import { type DatabaseServer, openDatabaseServer } from './database-server.ts';

/** Where data lie, in words that another process understands. */
export interface Place {
  /** Data and keys; on a database server the keys only. */
  readonly folder: string;
  /** null: embedded, in the folder. */
  readonly database: string | null;
}

/** A database of its own, for as long as a benchmark runs. */
export interface Scratch extends AsyncDisposable {
  readonly engine: EngineName;
  readonly place: Place;
  /** What keeps a commit when the power fails, as the server says now. */
  readonly durability: string;
  /** Bytes on disk, once what is pending is written. */
  size(): Promise<number>;
  /** Has the planner's statistics taken, as a server does by itself after a while. */
  settle(): Promise<void>;
}

/** Which engine a `--database` names: nothing or `sqlite` is the embedded one. */
export function readEngine(database: string | undefined): EngineName {
  if (database === undefined || database === 'sqlite') return 'sqlite';
  return readDatabaseAddress(database).engine;
}

export const addressOf = ({ database }: Place): DatabaseAddress | undefined =>
  database === null ? undefined : readDatabaseAddress(database);

/**
 * Makes an empty database and a folder for its keys, both gone at the end.
 * @param database a server on which databases may be created, as the address of any database of it
 * @throws where the server would lose what it has acknowledged: nothing would be comparable
 */
export async function makeScratch(database: string | undefined): Promise<Scratch> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-bench-'));
  const name = `muster_bench_${randomBytes(4).toString('hex')}`;
  const place: Place =
    readEngine(database) === 'sqlite'
      ? { folder, database: null }
      : { folder, database: inDatabase(database as string, name) };
  const scratch = await openScratch(place);
  return {
    ...scratch,
    async [Symbol.asyncDispose]() {
      await scratch.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface KeptScratch extends Omit<Scratch, typeof Symbol.asyncDispose> {
  drop(): Promise<void>;
}

/** The database of a place, created where it is missing; it stays until it is dropped. */
export async function openScratch(place: Place): Promise<KeptScratch> {
  const { folder, database } = place;
  if (database === null) {
    return {
      engine: 'sqlite',
      place,
      durability: 'encrypted, write-ahead log, synchronous=FULL',
      size: () => folderSize(join(folder, 'data')),
      settle: async () => {},
      drop: async () => {},
    };
  }
  const address = readDatabaseAddress(database);
  if (address.engine === 'sqlite') throw new Error(`${database} is no server's`);
  const server = (): Promise<DatabaseServer> => openDatabaseServer(address);
  await using first = await server();
  await first.create();
  const within = async <T>(work: (server: DatabaseServer) => Promise<T>): Promise<T> => {
    await using opened = await server();
    return await work(opened);
  };
  return {
    engine: address.engine,
    place,
    durability: await first.durability(),
    size: () => within((opened) => opened.size()),
    settle: () => within((opened) => opened.settle()),
    drop: () => within((opened) => opened.drop()),
  };
}

/** The same server, another database. */
export function inDatabase(database: string, name: string): string {
  const [, head, query = ''] = /^([a-z]+:\/\/[^/]+\/)[^?]*(\?.*)?$/.exec(database) ?? [];
  if (head === undefined) throw new Error(`${database} names no database server`);
  return head + name + query;
}

async function folderSize(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder)) bytes += (await stat(join(folder, name))).size;
  return bytes;
}
