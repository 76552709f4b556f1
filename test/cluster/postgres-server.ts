import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { Daemon } from './daemon.ts';
import { freePort } from './free-port.ts';
import { programPath } from './program.ts';
import { makeServerFolder, type ServerFolder } from './server-folder.ts';
import { started } from './started.ts';

const run = promisify(execFile);
const administrator = 'administrator';
const password = 'green-boats';

/** A PostgreSQL server of our own, with a database and an ordinary role for Muster. */
export class PostgresServer implements AsyncDisposable {
  readonly #folder: ServerFolder;
  #daemon: Daemon | null = null;
  readonly port: number;

  private constructor(folder: ServerFolder, port: number) {
    this.#folder = folder;
    this.port = port;
  }

  /** Makes the server's data and starts it. */
  static async start(): Promise<PostgresServer> {
    const server = new PostgresServer(await makeServerFolder('postgres'), await freePort());
    const passwordFile = join(server.#folder.path, 'password');
    return started(server, async () => {
      await writeFile(passwordFile, password);
      await server.#run('initdb', [
        ...['-D', server.#data, '-U', administrator, '-A', 'scram-sha-256'],
        ...['--pwfile', passwordFile, '-E', 'UTF8', '--locale=C', '--no-instructions'],
      ]);
      await server.launch();
      await server.ask(`create role muster login password '${password}'`);
      await server.ask('create database muster owner muster');
    });
  }

  /** What an instance is told, to reach these servers, in order, or one at a port that stands between. */
  static address(ports: readonly number[]): string {
    return `postgres://muster:${password}@${ports.map((port) => `127.0.0.1:${port}`).join(',')}/muster`;
  }

  get address(): string {
    return PostgresServer.address([this.port]);
  }

  get #data(): string {
    return join(this.#folder.path, 'data');
  }

  /** Starts it on the data it has. */
  async launch(): Promise<void> {
    const { path, account } = this.#folder;
    this.#daemon = new Daemon({
      name: `postgres on ${this.port}`,
      command: programPath('postgres'),
      args: [
        ...['-D', this.#data, '-p', String(this.port), '-k', ''],
        ...['-c', 'listen_addresses=127.0.0.1'],
      ],
      cwd: path,
      account,
    });
    await this.#daemon.until(async () => {
      await this.ask('select 1');
      return true;
    });
  }

  /** Ends every connection at once and stops, as an administrator's restart does. */
  async stop(): Promise<void> {
    await this.#daemon?.stop('SIGINT');
  }

  /** SIGKILL of all its processes. */
  async kill(): Promise<void> {
    await this.#daemon?.kill();
  }

  /** As administrator, in the database of Muster or in another. */
  async ask<Row extends object>(text: string, database = 'postgres'): Promise<Row[]> {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: this.port,
      user: administrator,
      password,
      database,
      connectionTimeoutMillis: 2_000,
    });
    // a server that is killed tells the idle client so
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  }

  /**
   * Copies this server and lets the copy follow it; from then on a commit is one when both have it on disk.
   * @param through the port by which the standby follows, where one stands between
   */
  async startStandby(through = this.port): Promise<PostgresServer> {
    const standby = new PostgresServer(await makeServerFolder('postgres'), await freePort());
    const primary = `host=127.0.0.1 port=${this.port} user=${administrator} password=${password}`;
    return started(standby, async () => {
      await standby.#run('pg_basebackup', [
        ...['-D', standby.#data, '-d', primary, '-X', 'stream', '-c', 'fast'],
        ...['-R', '-C', '-S', 'standby'],
      ]);
      const followed = `${primary} port=${through} application_name=standby`;
      await writeFile(
        join(standby.#data, 'postgresql.auto.conf'),
        `primary_conninfo = '${followed}'\nprimary_slot_name = 'standby'\n`,
      );
      await standby.launch();
      await this.ask(`alter system set synchronous_standby_names = 'standby'`);
      await this.ask('select pg_reload_conf()');
      await this.#daemon?.until(async () => {
        const [row] = await this.ask<{ sync_state: string }>(
          'select sync_state from pg_stat_replication',
        );
        return row?.sync_state === 'sync';
      });
    });
  }

  /** From following to leading. */
  async promote(): Promise<void> {
    await this.ask('select pg_promote(true, 60)');
  }

  async #run(program: 'initdb' | 'pg_basebackup', args: readonly string[]): Promise<void> {
    const { account, path } = this.#folder;
    await run(programPath(program), [...args], {
      cwd: path,
      ...(account ? { uid: account.uid, gid: account.gid } : {}),
      env: { PATH: process.env.PATH, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#daemon?.[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }
}
