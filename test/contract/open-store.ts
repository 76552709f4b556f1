// Stores on one database with one key folder, as two instances have them.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseAddress } from '../../src/store/database-address.ts';
import type { EngineName } from '../../src/store/engine.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { finish, verifyLedger } from '../../src/store/verify.ts';
import { FakeClock } from '../app.ts';
import { freshDatabase } from '../engines.ts';

export const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };

export interface Stores extends AsyncDisposable {
  readonly first: Store;
  /** The same as `first` where the database is one process's own. */
  readonly second: Store;
  readonly clock: FakeClock;
  readonly address: DatabaseAddress;
  /** One of the two in turn. */
  turn(index: number): Store;
  /** What does not hold in the ledger, or in the records. */
  faults(): Promise<readonly unknown[]>;
}

/** @param by which way the first one goes to a server's database */
export async function openStores(
  engine: EngineName,
  {
    pool = 4,
    by = (address) => address,
  }: { pool?: number; by?: (address: DatabaseAddress) => DatabaseAddress } = {},
): Promise<Stores> {
  await using parts = new AsyncDisposableStack();
  const database = parts.use(await freshDatabase(engine));
  const folder = await mkdtemp(join(tmpdir(), 'muster-stores-'));
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  const clock = new FakeClock();
  const address =
    database.address.engine === 'sqlite' ? database.address : { ...database.address, pool };
  const open = async (way: DatabaseAddress) =>
    parts.use(
      await openStore({
        address: way,
        folder: join(folder, 'data'),
        keysFor: () => join(folder, 'keys'),
        clock,
        random,
        zone: 'Europe/Berlin',
      }),
    ).store;
  const first = await open(by(address));
  const second = engine === 'sqlite' ? first : await open(address);
  const all = parts.move();
  return {
    first,
    second,
    clock,
    address,
    turn: (index) => (index % 2 === 0 ? first : second),
    faults: async () => (await finish(verifyLedger(first))).faults,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
