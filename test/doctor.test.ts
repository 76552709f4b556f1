// `muster doctor` as it is typed, on installations that are well and that are not.
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { backup } from '../src/store/backup.ts';
import { checkHeads } from '../src/store/head-check.ts';
import { commit } from '../src/store/ledger.ts';
import { openStore } from '../src/store/open.ts';
import { organisationStream, type Store } from '../src/store/store.ts';
import { systemRandom } from '../src/store/system-random.ts';
import { realClock } from './app.ts';
import { engineNames, freshDatabase } from './engines.ts';
import { Muster } from './muster.ts';

let home: string;
const at = (name: string) => join(home, name);

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'muster-doctor-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const open = (clock: { now(): number } = realClock) =>
  openStore({
    folder: at('data'),
    keysFor: () => at('keys'),
    clock: clock as typeof realClock,
    random: systemRandom,
    zone: 'Europe/Berlin',
  });

const note = (store: Store) =>
  commit(store, ({ now, append }) =>
    append([
      {
        stream: organisationStream,
        type: 'organisation.changed',
        occurredAt: now,
        actor: 'operator',
        subject: null,
      },
    ]),
  );

async function doctor(...flags: string[]) {
  await using muster = new Muster(home, [
    ...['doctor', '--data', at('data'), '--keys', at('keys')],
    ...flags,
  ]);
  return await muster.ended;
}

async function findings(...flags: string[]) {
  const { code, out } = await doctor('--json', ...flags);
  const { level, findings } = JSON.parse(out) as {
    level: string;
    findings: { check: string; level: string; says: string; todo: string | null }[];
  };
  return { code, level, of: new Map(findings.map((found) => [found.check, found])) };
}

describe('muster doctor', () => {
  test('finds nothing where all is well, and says so line by line', async () => {
    {
      await using opened = await open();
      const { store, embedded: installation } = opened;
      if (!installation) throw new Error('the database does not lie in the folder');
      await note(store);
      const dataFolder = at('data');
      await backup({ store, installation, dataFolder, target: at('backup'), actor: 'operator' });
    }
    const { code, out, err } = await doctor();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.match(/^\w+ +[a-z]+/gm)?.map((line) => line.replace(/ +/, ' '))).toEqual([
      'ok keys',
      'ok database',
      'ok disk',
      'ok ledger',
      'ok clock',
      'ok backup',
      'ok backup',
      'ok mail',
      'ok certificate',
      'ok server',
    ]);
  });

  test('names what is to be seen to with exit code 3, and what to do', async () => {
    await (await open())[Symbol.asyncDispose]();
    await chmod(at('keys'), 0o755);
    const { code, level, of } = await findings('--day-files', at('days'));
    expect({ code, level }).toEqual({ code: 3, level: 'warn' });
    expect(of.get('backup')).toMatchObject({ level: 'warn', says: 'No backup was ever made.' });
    expect(of.get('keys')).toMatchObject({
      level: 'warn',
      todo: `Close it: chmod 700 ${at('keys')}`,
    });
    expect(of.get('day files')?.level).toBe('warn');
  });

  test('looks at the folder for backups, where backups are on', async () => {
    await (await open())[Symbol.asyncDispose]();
    const beside = (await findings()).of.get('backup folder');
    expect(beside).toMatchObject({ level: 'ok' });
    expect(beside?.says).toContain(`${at('data-backups')} can be written. It lies on the disk`);
    await expect(stat(at('data-backups'))).rejects.toThrow('ENOENT');
    const gone = (await findings('--backup-folder', at('nowhere'))).of.get('backup folder');
    expect(gone).toMatchObject({ level: 'bad', says: `${at('nowhere')} is not there.` });
    const inside = (await findings('--backup-folder', at('data/backups'))).of.get('backup folder');
    expect(inside?.says).toContain('must not lie in the data folder');
    expect((await findings('--backup-folder', 'off')).of.has('backup folder')).toBe(false);
  });

  test('has exit code 1 where something is wrong', async () => {
    {
      const ahead = { now: () => Date.now() + 3_600_000 };
      await using opened = await open(ahead);
      await note(opened.store);
    }
    await writeFile(at('keys/server.pem'), 'no certificate');
    const { code, of } = await findings('--day-files', at('data/days'));
    expect(code).toBe(1);
    expect(['clock', 'certificate', 'day files'].map((check) => of.get(check)?.level)).toEqual([
      'bad',
      'bad',
      'bad',
    ]);
  });

  test('says which key is missing instead of failing', async () => {
    await (await open())[Symbol.asyncDispose]();
    await rm(at('keys/master.key'));
    const { code, of } = await findings();
    expect(code).toBe(1);
    expect(of.get('keys')).toMatchObject({ level: 'bad' });
    expect(of.get('keys')?.says).toContain('master.key is missing');
    expect(of.get('disk')).toBeDefined();
  });

  test('says what to do where nobody can tell whose the keys are', async () => {
    await (await open())[Symbol.asyncDispose]();
    await writeFile(at('keys/owner.json'), '{"data');
    const { of } = await findings();
    expect(of.get('keys')).toMatchObject({ level: 'bad' });
    expect(of.get('keys')?.says).toMatch(
      /^\S+owner\.json, .* is damaged\. .* muster key take-over$/,
    );
  });

  test('where there are no data says so, and makes none', async () => {
    const { code, of } = await findings();
    expect(code).toBe(1);
    expect(of.get('database')?.says).toMatch(
      /^There are no data of Muster .* muster restore FILE$/,
    );
    expect(of.get('disk')).toBeUndefined();
  });
});

describe('the quick look at the ledger', () => {
  test.each(engineNames)('on %s sees a changed end', async (engine) => {
    await using database = await freshDatabase(engine);
    await using opened = await openStore({
      address: database.address,
      folder: at('data'),
      keysFor: () => at('keys'),
      clock: realClock,
      random: systemRandom,
      zone: 'Europe/Berlin',
    });
    const { store } = opened;
    const { organisation } = store;
    await note(store);
    await note(store);
    await note(store);
    expect(await checkHeads(store)).toMatchObject({ streams: 1, wrong: [] });
    await store.engine.write((tx) =>
      tx
        .updateTable('event')
        .set({ actor: 'somebody' })
        .where('organisation', '=', organisation)
        .where('seq', '=', 2)
        .execute(),
    );
    expect((await checkHeads(store)).wrong).toEqual([organisationStream]);
    await store.engine.write((tx) =>
      tx
        .updateTable('event')
        .set({ actor: 'operator' })
        .where('organisation', '=', organisation)
        .where('seq', '=', 2)
        .execute(),
    );
    expect((await checkHeads(store)).wrong).toEqual([]);
    await store.engine.write((tx) =>
      tx
        .deleteFrom('event')
        .where('organisation', '=', organisation)
        .where('seq', '=', 3)
        .execute(),
    );
    expect((await checkHeads(store)).wrong).toEqual([organisationStream]);
  });
});
