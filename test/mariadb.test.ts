// What is MariaDB's own: its sessions and tables, what is wrong with a server, and connections that go.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatabaseHost, ServerAddress } from '../src/store/database-address.ts';
import { DatabaseError } from '../src/store/database-error.ts';
import { type Engine, OutcomeUnknown } from '../src/store/engine.ts';
import { openMariadb } from '../src/store/mariadb.ts';
import { migrate } from '../src/store/migrate.ts';
import { StallingProxy } from './cluster/stalling-proxy.ts';
import { administer } from './engine/administer.ts';
import { freshDatabase, serverAddress, serverNames, type TestDatabase } from './engines.ts';
import { until } from './until.ts';

const row = (stream: string) => ({ organisation: 'TESTTEST', stream, seq: 0, hash: '' });
const here = (port: number): DatabaseHost => ({ host: '127.0.0.1', port });

describe.each(serverNames.filter((name) => name === 'mariadb'))('on %s', (name) => {
  let database: TestDatabase;
  let address: ServerAddress;
  let engine: Engine;
  beforeAll(async () => {
    database = await freshDatabase(name);
    address = database.address as ServerAddress;
    engine = await openMariadb(address);
    await migrate(engine);
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });
  const serverPort = () => address.hosts[0]?.port as number;
  const stands = async (stream: string): Promise<boolean> => {
    const query = engine.read.selectFrom('stream').select('stream').where('stream', '=', stream);
    return (await query.execute()).length === 1;
  };

  test('sessions are strict and read what is committed, whatever the server is set to', async () => {
    const look = sql<Record<string, unknown>>`
      select (select variable_value from information_schema.session_variables
          where variable_name in ('tx_isolation', 'transaction_isolation') limit 1) as isolation,
        (select variable_value from information_schema.session_variables
          where variable_name in ('tx_read_only', 'transaction_read_only') limit 1) as readonly,
        @@sql_mode as mode, @@time_zone as zone,
        @@autocommit as autocommit, @@character_set_client as charset,
        @@innodb_lock_wait_timeout as lock_wait, @@idle_transaction_timeout as idle`;
    const common = {
      isolation: 'READ-COMMITTED',
      zone: '+00:00',
      charset: 'utf8mb4',
      lock_wait: 5,
    };
    const [reading] = (await look.execute(engine.read)).rows;
    expect(reading).toMatchObject({ ...common, autocommit: 1, readonly: 'ON' });
    const [writing] = (await engine.write((tx) => look.execute(tx))).rows;
    expect(writing).toMatchObject({ ...common, autocommit: 0, readonly: 'OFF', idle: 5 });
    for (const session of [reading, writing]) {
      expect(session?.mode).toContain('STRICT_ALL_TABLES');
      expect(session?.mode).not.toMatch(/ANSI|NO_BACKSLASH_ESCAPES/);
    }
  });

  test('tables compare by bytes, whatever the database’s default is', async () => {
    const { rows } = await sql<{ name: string; collation: string }>`
      select concat(table_name, '.', column_name) as name, collation_name as collation
      from information_schema.columns
      where table_schema = database() and collation_name is not null`.execute(engine.read);
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.filter(({ collation }) => collation !== 'utf8mb4_nopad_bin')).toEqual([]);
    const formats = await sql<{ engine: string; format: string }>`
      select distinct engine as engine, lower(row_format) as format
      from information_schema.tables where table_schema = database()`.execute(engine.read);
    expect(formats.rows).toEqual([{ engine: 'InnoDB', format: 'dynamic' }]);
  });

  test('an error does not carry the values of its statement', async () => {
    const secret = 'nobody may read this in a log';
    const twice = engine.write((tx) => engine.insertMany(tx, 'stream', [row(secret), row(secret)]));
    const error = await twice.catch((thrown: Error) => thrown);
    expect(engine.isUniqueViolation(error)).toBe(true);
    expect(Object.values({ ...error }).filter((value) => `${value}`.includes('insert'))).toEqual(
      [],
    );
  });

  describe('opening says in words', () => {
    const user = () => `u_${address.database.slice(-12)}`;
    const asUser = (): ServerAddress => ({ ...address, user: user(), password: 'green-boats' });
    const say = async (change: ServerAddress): Promise<string> => {
      const error = await openMariadb(change).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(DatabaseError);
      return (error as Error).message;
    };
    beforeAll(async () => {
      const accounts = ['127.0.0.1', 'localhost', '%'].map(
        (host) => `create user '${user()}'@'${host}' identified by 'green-boats'`,
      );
      await administer(serverAddress('mariadb'), accounts);
    });
    afterAll(async () => {
      const accounts = ['127.0.0.1', 'localhost', '%'].map(
        (host) => `drop user '${user()}'@'${host}'`,
      );
      await administer(serverAddress('mariadb'), accounts);
    });

    test('that the password is wrong', async () => {
      expect(await say({ ...asUser(), password: 'blue-boats' })).toContain('user or password');
    });

    test('that the user may do nothing, and that it may do too little', async () => {
      expect(await say(asUser())).toContain(`grant all privileges on \`${address.database}\`.*`);
      const grants = ['127.0.0.1', 'localhost', '%'].map(
        (host) => `grant select, insert, update on ${address.database}.* to '${user()}'@'${host}'`,
      );
      await administer(serverAddress('mariadb'), grants);
      const text = await say(asUser());
      expect(text).toContain('lacks DELETE, CREATE, DROP, ALTER, INDEX');
      expect(text).toContain(`grant all privileges on \`${address.database}\`.*`);
    });

    test('that there is no such database', async () => {
      const text = await say({ ...address, database: 'muster_test_missing' });
      expect(text).toContain('create database `muster_test_missing` character set utf8mb4');
    });

    test('that the database has another character set', async () => {
      const other = `${address.database}_l`;
      const server = serverAddress('mariadb');
      await administer(server, [`create database ${other} character set latin1`]);
      try {
        const text = await say({ ...address, database: other });
        expect(text).toContain(`alter database \`${other}\` character set utf8mb4`);
      } finally {
        await administer(server, [`drop database ${other}`]);
      }
    });

    test('that nobody answers there', async () => {
      const proxy = await StallingProxy.start(serverPort());
      await proxy[Symbol.asyncDispose]();
      const text = await say({ ...address, hosts: [here(proxy.port)] });
      expect(text).toContain(`127.0.0.1:${proxy.port} cannot be reached (ECONNREFUSED)`);
    });
  });

  describe('a commit whose answer is lost', () => {
    /** Cuts a connection at its COMMIT: before it reaches the server, or right after. */
    const cutAtCommit = async (when: 'before' | 'after') => {
      const server = createServer((near) => {
        const far = connect({ port: serverPort(), host: '127.0.0.1' });
        const cut = () => {
          near.destroy();
          far.destroy();
        };
        for (const socket of [near, far]) socket.on('error', cut).on('close', cut);
        far.on('data', (data) => near.write(data));
        near.on('data', (data) => {
          if (!data.toString('latin1').endsWith('\x03commit')) return far.write(data);
          if (when === 'before') return cut();
          far.removeAllListeners('data');
          far.once('data', cut);
          return far.write(data);
        });
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const cutting = await openMariadb({ ...address, hosts: [here(port)] });
      return {
        engine: cutting,
        async [Symbol.asyncDispose]() {
          await cutting[Symbol.asyncDispose]();
          server.close();
        },
      };
    };

    test.each([
      ['after', true],
      ['before', false],
    ] as const)('%s it reached the server is unknown', async (when, stood) => {
      await using cut = await cutAtCommit(when);
      const stream = `cut ${when}`;
      const writing = cut.engine.write((tx) => cut.engine.insertMany(tx, 'stream', [row(stream)]));
      await expect(writing).rejects.toThrow(OutcomeUnknown);
      // whoever takes the same lock sees what came of it
      await engine.write((tx) => engine.insertMissing(tx, 'stream', [row('a lock for a look')]));
      expect(await stands(stream)).toBe(stood);
    });
  });

  test('a statement that is not answered in time is away, and its connection is not used again', async () => {
    await using proxy = await StallingProxy.start(serverPort());
    const stalled = await openMariadb(
      { ...address, hosts: [here(proxy.port)], pool: 2 },
      { timeoutMs: 3_000 },
    );
    try {
      const count = () => stalled.read.selectFrom('stream').select('stream').execute();
      await Promise.all([count(), count()]);
      proxy.stall();
      await expect(count()).rejects.toSatisfy(stalled.isAway);
      await expect(
        stalled.write((tx) => tx.selectFrom('stream').selectAll().execute()),
      ).rejects.toSatisfy(stalled.isAway);
      proxy.flow();
      await until(() =>
        count().then(
          () => true,
          () => false,
        ),
      );
      await stalled.write((tx) => stalled.insertMissing(tx, 'stream', [row('after a stall')]));
      expect(await stands('after a stall')).toBe(true);
    } finally {
      await stalled[Symbol.asyncDispose]();
    }
  });

  test('of several hosts the first that answers is taken, and the first again when it is back', async () => {
    const first = await StallingProxy.start(serverPort());
    await using second = await StallingProxy.start(serverPort());
    const choosing = await openMariadb({
      ...address,
      hosts: [here(first.port), here(second.port)],
    });
    let back: StallingProxy | null = null;
    try {
      const work = async () => {
        await choosing.write((tx) => choosing.insertMissing(tx, 'stream', [row('chosen')]));
        await choosing.read.selectFrom('stream').select('stream').execute();
      };
      await work();
      expect(first.connections).toBeGreaterThan(0);
      expect(second.connections).toBe(0);

      await first[Symbol.asyncDispose]();
      await until(() =>
        work().then(
          () => true,
          () => false,
        ),
      );
      await work();
      expect(second.connections).toBeGreaterThan(0);

      const returned = await StallingProxy.start(serverPort(), first.port);
      back = returned;
      await until(async () => {
        await work();
        return second.connections === 0 && returned.connections > 0;
      });
    } finally {
      await choosing[Symbol.asyncDispose]();
      await back?.[Symbol.asyncDispose]();
    }
  });
});
