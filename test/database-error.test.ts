// What `muster start` says of a database that cannot be used: one sentence, and nothing is changed.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issueCertificate } from '../src/server/certificate.ts';
import { openThrowawayAuthority, wish } from '../src/server/throwaway-authority.ts';
import { readDatabaseAddress, type ServerAddress } from '../src/store/database-address.ts';
import { administer } from './engine/administer.ts';
import { connectMariadb, startMariadb } from './engine/mariadb.ts';
import { connectPostgres, startPostgres } from './engine/postgres.ts';
import { type FoundServer, freePort, giveFolder, unprivileged } from './engine/process.ts';
import { startRevised } from './engine/revised.ts';
import { serverAddress, serverNames } from './engines.ts';
import { Muster } from './muster.ts';

const home = await mkdtemp(join(tmpdir(), 'muster-database-error-'));
afterAll(() => rm(home, { recursive: true, force: true }));

/** A server of our own that can encrypt; where its programs are not there, the one of this run. */
async function startEncrypting(name: 'postgres' | 'mariadb', at: (file: string) => string) {
  const [certificate, key] = [at('database.pem'), at('database.key')];
  return name === 'postgres'
    ? startPostgres([
        ...['-c', 'ssl=on', '-c', `ssl_cert_file=${certificate}`, '-c', `ssl_key_file=${key}`],
      ])
    : startMariadb([`--ssl-cert=${certificate}`, `--ssl-key=${key}`]);
}

const dialects = {
  postgres: {
    scheme: 'postgres',
    user: `create role reader login password 'right'`,
    empty: (name: string) => [`create database ${name} encoding 'UTF8' template template0`],
    charset: (name: string) => [
      `create database ${name} encoding 'LATIN1' locale 'C' template template0`,
    ],
    charsetSays: /encoded as LATIN1, not UTF8\. Make another with: create database/,
    privilegeSays:
      /^reader may not use the database .* grant create, usage on schema public to reader;/,
    schema: [
      'create table muster_schema (version integer)',
      'insert into muster_schema values (999)',
    ],
    missingSays: /has no database nowhere\. Make it with: create database nowhere/,
    tlsSays: /cannot be encrypted as asked: .* \?tls=FILE/,
    oldSays: /is older than 15 \(\d+\)\. Use 15 or newer\.$/,
    otherSays: /^What answers at 127\.0\.0\.1:\d+ is not PostgreSQL\./,
  },
  mariadb: {
    scheme: 'mysql',
    user: `create user if not exists reader@'%' identified by 'right'`,
    empty: (name: string) => [
      `create database ${name} character set utf8mb4`,
      `grant select on ${name}.* to reader@'%'`,
    ],
    charset: (name: string) => [`create database ${name} character set latin1`],
    charsetSays: /has the character set latin1\. Change it with: alter database/,
    privilegeSays: /^reader lacks INSERT.* Allow it with: grant all privileges on/,
    schema: [
      'create table muster_schema (version integer)',
      'insert into muster_schema values (999)',
    ],
    missingSays: /has no database nowhere\. Make it with: create database `nowhere`/,
    tlsSays: /certificate of MariaDB at .* is not trusted .* \?tls=FILE/,
    oldSays: /is MariaDB .*, which is too old\. Use MariaDB 10\.11 or newer\.$/,
    otherSays:
      /is not MariaDB .*\. Use MariaDB 10\.11 or newer\.$|^MariaDB at 127\.0\.0\.1:\d+ cannot be reached/,
  },
};

/** The part of its version that says what it is. */
async function versionOf(server: ServerAddress): Promise<string> {
  if (server.engine === 'postgres') {
    const client = await connectPostgres(server);
    const { rows } = await client.query(`select current_setting('server_version_num') as version`);
    await client.end();
    return rows[0].version;
  }
  const connection = await connectMariadb(server);
  const [rows] = await connection.query<RowDataPacket[]>('select version() as version');
  await connection.end();
  return /^\d+\.\d+/.exec(rows[0]?.version)?.[0] ?? '';
}

describe.each(serverNames)('muster start on %s', (name) => {
  const dialect = dialects[name];
  let found: FoundServer | null;
  let server: ServerAddress;
  let authority: Awaited<ReturnType<typeof openThrowawayAuthority>>;

  beforeAll(async () => {
    authority = await openThrowawayAuthority();
    const issued = await issueCertificate(wish(await authority.make(), ['127.0.0.1']));
    await writeFile(authority.at('database.pem'), issued.certificatePem);
    await writeFile(authority.at('database.key'), issued.privateKeyPem, { mode: 0o600 });
    await giveFolder(authority.folder, unprivileged([name === 'postgres' ? 'postgres' : 'mysql']));
    found = await startEncrypting(name, authority.at);
    server = found ? (readDatabaseAddress(found.url) as ServerAddress) : serverAddress(name);
    await administer(server, [dialect.user]);
  });
  afterAll(async () => {
    await found?.stop();
    await authority[Symbol.asyncDispose]();
  });

  let made = 0;
  /** A database of its own, after these statements in it. */
  const database = async (create: (name: string) => string[], inside: string[] = []) => {
    made += 1;
    const named = `error_${made}`;
    await administer(server, create(named));
    const use = name === 'mariadb' ? [`use ${named}`] : [];
    await administer(server, [...use, ...inside], named);
    return named;
  };
  const url = (
    named: string,
    {
      user = server.user,
      password = server.password,
      port = server.hosts[0]?.port,
      tls = 'off',
    } = {},
  ) =>
    `${dialect.scheme}://${user}:${password}@127.0.0.1:${port}/${named}?tls=${encodeURIComponent(tls)}`;
  /** The one sentence. */
  const start = async (address: string, expected = 1): Promise<string> => {
    await using muster = new Muster(home, [
      ...['start', '--no-open', '--port', '0', '--https-port', 'off', '--day-files', 'off'],
      ...['--database', address, '--keys', join(home, 'keys')],
    ]);
    const { code, out, err } = await muster.ended;
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err).not.toContain(server.password || 'no password');
    expect(err).not.toMatch(/^\s+at /m);
    return err.trim();
  };

  test('that cannot be reached says where it looked', async () => {
    const port = await freePort();
    expect(await start(url('muster', { port }))).toMatch(
      new RegExp(`at 127\\.0\\.0\\.1:${port} cannot be reached \\(ECONNREFUSED\\)`),
    );
  });

  test('with a wrong password says that nobody is let in, and not the password', async () => {
    const named = await database(dialect.empty);
    const said = await start(url(named, { user: 'reader', password: 'wr0ng' }));
    expect(said).toMatch(/does not let reader in: .*password/);
    expect(said).not.toContain('wr0ng');
  });

  test('without the database says how to make it', async () => {
    expect(await start(url('nowhere'))).toMatch(dialect.missingSays);
  });

  test('without data is not begun with keys of other data', async () => {
    const named = await database(dialect.empty);
    const keys = join(home, 'keys');
    await mkdir(keys);
    await writeFile(join(keys, 'master.key'), 'as it was');
    expect(await start(url(named))).toMatch(
      /^There are no data of Muster in .* but keys in .*keys\./,
    );
    expect(await readdir(keys)).toEqual(['master.key']);
    await rm(keys, { recursive: true });
  });

  test('whose address names no user says so', async () => {
    const said = await start(url('muster', { user: '' }), 64);
    expect(said).toMatch(/^The address of a database names a user, such as /);
  });

  test('that a newer version has written says so and leaves it', async () => {
    const named = await database(dialect.empty, dialect.schema);
    expect(await start(url(named))).toMatch(
      /^The database has schema 999; this Muster knows \d+\. Start the newer version; nothing was changed\.$/,
    );
  });

  test('in another character set says how to have the right one', async () => {
    const named = await database(dialect.charset);
    expect(await start(url(named))).toMatch(dialect.charsetSays);
  });

  test('without the privileges says which statement gives them', async () => {
    const named = await database(dialect.empty);
    const said = await start(url(named, { user: 'reader', password: 'right' }));
    expect(said).toMatch(dialect.privilegeSays);
  });

  test('with a certificate that nobody vouches for says how to name who does', async () => {
    const named = await database(dialect.empty);
    expect(await start(url(named, { tls: 'on' }))).toMatch(dialect.tlsSays);
    const missing = join(home, 'nowhere.pem');
    expect(await start(url(named, { tls: missing }))).toMatch(
      /certificate .*nowhere\.pem cannot be read \(ENOENT\)/,
    );
  });

  test('that is too old says what is new enough', async () => {
    const named = await database(dialect.empty);
    const version = await versionOf(server);
    const older = name === 'postgres' ? `14${version.slice(2)}` : '5.'.padEnd(version.length, '0');
    await using revised = await startRevised(server.hosts[0]?.port as number, version, older);
    expect(await start(url(named, { port: revised.port }))).toMatch(dialect.oldSays);
  });

  test('that is another product says so', async () => {
    const named = await database(dialect.empty);
    await using mysql = await startRevised(server.hosts[0]?.port as number, 'MariaDB', 'MySQL-8');
    if (name === 'mariadb') {
      expect(await start(url(named, { port: mysql.port }))).toMatch(
        /is not MariaDB .*\. Use MariaDB 10\.11 or newer\.$/,
      );
    }
    const other = serverNames.find((engine) => engine !== name);
    const port = other && serverAddress(other).hosts[0]?.port;
    if (port) expect(await start(url(named, { port }))).toMatch(dialect.otherSays);
  });
});
