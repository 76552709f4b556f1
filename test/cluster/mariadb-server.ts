import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { Daemon } from './daemon.ts';
import { freePort } from './free-port.ts';
import { programPath } from './program.ts';
import { makeServerFolder, type ServerFolder } from './server-folder.ts';
import { started } from './started.ts';

const run = promisify(execFile);
const password = 'green-boats';

/** A MariaDB server of our own, with a database and an ordinary account for Muster. */
export class MariadbServer implements AsyncDisposable {
  readonly #folder: ServerFolder;
  #daemon: Daemon | null = null;
  readonly port: number;

  protected constructor(folder: ServerFolder, port: number) {
    this.#folder = folder;
    this.port = port;
  }

  /** Makes the server's data and starts it. */
  static async start(): Promise<MariadbServer> {
    const server = new MariadbServer(await makeServerFolder('mysql'), await freePort());
    return started(server, async () => {
      await server.install();
      await server.launch();
      await server.makeDatabase();
    });
  }

  /** What an instance is told, to reach this server. */
  get address(): string {
    return MariadbServer.address([this.port]);
  }

  /** The same for these ports, in order, or for one that stands between. */
  static address(ports: readonly number[]): string {
    return `mysql://muster:${password}@${ports.map((port) => `127.0.0.1:${port}`).join(',')}/muster`;
  }

  /** Makes its data. */
  async install(): Promise<void> {
    const { path, account } = this.#folder;
    await run(
      programPath('mariadb-install-db'),
      [
        ...['--no-defaults', `--datadir=${this.data}`, '--skip-test-db', '--skip-name-resolve'],
        '--auth-root-authentication-method=normal',
      ],
      {
        cwd: path,
        ...(account ? { uid: account.uid, gid: account.gid } : {}),
        // a server that starts removes what lies in the folder for temporary tables, another's too
        env: { ...process.env, TMPDIR: path },
      },
    );
  }

  protected get data(): string {
    return join(this.#folder.path, 'data');
  }

  /** Makes what an administrator makes for Muster. */
  async makeDatabase(): Promise<void> {
    await this.ask('create database muster character set utf8mb4 collate utf8mb4_bin');
    for (const host of ['127.0.0.1', 'localhost']) {
      await this.ask(`create user muster@'${host}' identified by '${password}'`);
      await this.ask(`grant all on muster.* to muster@'${host}'`);
    }
  }

  /** Starts it on the data it has. */
  async launch(more: readonly string[] = []): Promise<void> {
    const { path, account } = this.#folder;
    this.#daemon = new Daemon({
      name: `mariadbd on ${this.port}`,
      command: programPath('mariadbd'),
      args: [
        ...['--no-defaults', `--datadir=${this.data}`, `--port=${this.port}`],
        ...['--bind-address=127.0.0.1', `--socket=${join(path, 'socket')}`],
        ...[`--pid-file=${join(path, 'pid')}`, `--tmpdir=${path}`, '--skip-name-resolve'],
        ...['--innodb-buffer-pool-size=128M', '--innodb-log-file-size=96M'],
        ...more,
      ],
      cwd: path,
      account,
    });
    await this.#daemon.until(() => this.isReady());
  }

  protected async isReady(): Promise<boolean> {
    await this.ask('select 1');
    return true;
  }

  async stop(): Promise<void> {
    await this.#daemon?.stop();
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    await this.#daemon?.kill();
  }

  get said(): string {
    return this.#daemon?.said ?? '';
  }

  /** As administrator. */
  async ask<Row extends object>(text: string): Promise<Row[]> {
    const connection = await createConnection({
      host: '127.0.0.1',
      port: this.port,
      user: 'root',
      connectTimeout: 2_000,
    });
    try {
      const [rows] = await connection.query<RowDataPacket[]>(text);
      return rows as Row[];
    } finally {
      connection.destroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#daemon?.[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }
}
