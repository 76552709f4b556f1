import { connect } from 'node:net';
import { Daemon } from './daemon.ts';
import { freePort } from './free-port.ts';
import { programPath } from './program.ts';
import { makeServerFolder, type ServerFolder } from './server-folder.ts';
import { started } from './started.ts';

/** A Redis server of our own, which keeps nothing. */
export class RedisServer implements AsyncDisposable {
  readonly #folder: ServerFolder;
  #daemon: Daemon | null = null;
  readonly port: number;

  private constructor(folder: ServerFolder, port: number) {
    this.#folder = folder;
    this.port = port;
  }

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await makeServerFolder('redis'), await freePort());
    return started(server, () => server.launch());
  }

  get address(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async launch(): Promise<void> {
    const { path, account } = this.#folder;
    this.#daemon = new Daemon({
      name: `redis-server on ${this.port}`,
      command: programPath('redis-server'),
      args: [
        ...['--port', String(this.port), '--bind', '127.0.0.1', '--dir', path],
        ...['--save', '', '--appendonly', 'no', '--daemonize', 'no'],
      ],
      cwd: path,
      account,
    });
    await this.#daemon.until(() => this.#answers());
  }

  #answers(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, '127.0.0.1', () => socket.write('PING\r\n'));
      socket.setTimeout(1_000, () => socket.destroy(new Error('no answer')));
      socket.once('data', (data) => {
        socket.destroy();
        resolve(data.toString().startsWith('+PONG'));
      });
      socket.once('error', reject);
    });
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    await this.#daemon?.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#daemon?.[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }
}
