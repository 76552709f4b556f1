import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { openServer } from '../src/store/database.ts';
import { command } from './command.ts';
import { engineNames } from './engines.ts';
import { openAt, urlOf } from './move-place.ts';
import { listFixtures } from './upgrade/fixture.ts';
import { openSaved, type SavedDatabase } from './upgrade/saved-database.ts';

/** The first that ran on servers too. */
const older = () => {
  const fixture = listFixtures().find(({ schema }) => schema === 2);
  if (!fixture) throw new Error('there is no saved installation');
  return fixture;
};

const flagsOf = ({ address, folder }: SavedDatabase): string[] => [
  ...(address.engine === 'sqlite'
    ? ['--data', join(folder, 'data')]
    : ['--database', urlOf(address)]),
  ...['--keys', join(folder, 'keys')],
];

async function versionOf({ address }: SavedDatabase): Promise<number | null> {
  if (address.engine === 'sqlite') return null;
  await using engine = await openServer(address);
  const { rows } = await sql<{ version: number }>`select version from muster_schema`.execute(
    engine.read,
  );
  return rows[0]?.version ?? null;
}

describe.each(engineNames)('data of an older Muster on %s', (engine) => {
  test('are refused by what only looks, and stay as they are until a start', async () => {
    const fixture = older();
    await using saved = await openSaved(fixture, engine);
    const run = (...args: string[]) => command([...args, ...flagsOf(saved)]);
    for (const args of [['verify'], ['history', 'x'], ['export', 'ledger'], ['key', 'status']])
      expect(await run(...args), args[0]).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringMatching(
          /^The database was made by an older Muster \(schema \d+;.*muster start/,
        ),
      });
    const doctor = await run('doctor');
    expect(doctor).toMatchObject({ code: 1, err: '' });
    expect(doctor.out.replace(/\s+/g, ' ')).toContain('made by an older Muster');
    if (engine !== 'sqlite') expect(await versionOf(saved)).toBe(fixture.schema);
    await (await openAt(saved.address, { keysFor: () => join(saved.folder, 'keys') }))[
      Symbol.asyncDispose
    ]();
    expect(await run('verify')).toMatchObject({ code: 0, err: '' });
  });
});
