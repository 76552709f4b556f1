// Several instances that start at once on a database server, and one that was stopped in the middle.
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openServer } from '../src/store/database.ts';
import type { ServerAddress } from '../src/store/database-address.ts';
import type { Engine } from '../src/store/engine.ts';
import { migrate, NewerDatabase } from '../src/store/migrate.ts';
import { newestVersion } from '../src/store/migrations/map.ts';
import { freshDatabase, serverNames, type TestDatabase } from './engines.ts';

describe.each(serverNames)('on an empty database of %s', (name) => {
  let database: TestDatabase;
  const engines: Engine[] = [];
  const open = async (): Promise<Engine> => {
    const engine = await openServer({ ...(database.address as ServerAddress), pool: 2 });
    engines.push(engine);
    return engine;
  };
  beforeEach(async () => {
    database = await freshDatabase(name);
  });
  afterEach(async () => {
    for (const engine of engines.splice(0)) await engine[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const tables = async (engine: Engine): Promise<string[]> =>
    (await engine.read.introspection.getTables()).map((table) => table.name).sort();

  test('of five instances that start at once one migrates, the others find it done', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, open));
    const found = await Promise.all(all.map((engine) => migrate(engine)));
    expect(found.sort()).toEqual([0, ...Array.from({ length: 4 }, () => newestVersion)]);
    const { rows } = await sql`select version from muster_schema`.execute(all[0]?.read as never);
    expect(rows).toEqual([{ version: newestVersion }]);
  });

  test('what was stopped after some of its steps is finished by the next start', async () => {
    const engine = await open();
    await migrate(engine);
    const whole = await tables(engine);
    // as if all had been done but these two steps and the note that it was done
    await engine.write(async (tx) => {
      await sql`drop table claim`.execute(tx);
      await sql`drop table lease`.execute(tx);
      await sql`update muster_schema set version = 0`.execute(tx);
    });
    expect(await tables(engine)).not.toEqual(whole);
    expect(await migrate(await open())).toBe(0);
    expect(await tables(engine)).toEqual(whole);
    expect(await migrate(engine)).toBe(newestVersion);
  });

  test('a database of a newer version is refused and left as it is', async () => {
    const engine = await open();
    await migrate(engine);
    await engine.write((tx) => sql`update muster_schema set version = 9000`.execute(tx));
    await expect(migrate(engine)).rejects.toThrow(NewerDatabase);
    const { rows } = await sql`select version from muster_schema`.execute(engine.read);
    expect(rows).toEqual([{ version: 9000 }]);
  });
});
