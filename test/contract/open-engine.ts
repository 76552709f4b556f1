// Engines on databases of their own, as the contract suite opens them.
import { join } from 'node:path';
import { openServer } from '../../src/store/database.ts';
import type { DatabaseAddress } from '../../src/store/database-address.ts';
import type { Engine, EngineName } from '../../src/store/engine.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { freshDatabase } from '../engines.ts';

/** One more engine on the same database, as another instance has it. */
export function openEngine(address: DatabaseAddress): Promise<Engine> {
  if (address.engine !== 'sqlite') return openServer(address);
  return openSqlite({ path: join(address.folder ?? '', 'muster.db'), key: new Uint8Array(32) });
}

export interface OpenedEngine extends AsyncDisposable {
  readonly engine: Engine;
  readonly address: DatabaseAddress;
}

/** An engine on a database of its own with the newest schema. */
export async function openFresh(
  name: EngineName,
  { pool = 4 }: { pool?: number } = {},
): Promise<OpenedEngine> {
  const database = await freshDatabase(name);
  const address =
    database.address.engine === 'sqlite' ? database.address : { ...database.address, pool };
  const engine = await openEngine(address);
  await migrate(engine);
  return {
    engine,
    address,
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}
