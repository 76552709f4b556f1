import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditLine, AuditPage } from '../../src/core/audit.wire.ts';
import type { SessionId } from '../../src/core/brand.ts';
import type { Config } from '../../src/server/config.ts';
import { realClock, startTestServer, type TestServer } from '../app.ts';
import { freePort } from '../cluster/free-port.ts';
import { openSchool, School } from '../school.ts';
import { LineWalker } from './line-walker.ts';
import { PageWalker } from './page-walker.ts';
import { PseudoTerminal } from './pseudo-terminal.ts';

/** A terminal on a stage: its size, its environment, and what else is said to `muster terminal`. */
export interface Seat {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Record<string, string>;
  readonly flags?: readonly string[];
  /** Another way to the server. */
  readonly origin?: string;
}

/** A school on a server that can go and come back, and a home folder for those who come by terminal. */
export class Stage implements AsyncDisposable {
  readonly home: string;
  readonly #config: Partial<Config>;
  #server: TestServer<typeof realClock>;
  #school: School;

  private constructor(
    home: string,
    config: Partial<Config>,
    server: TestServer<typeof realClock>,
    school: School,
  ) {
    this.home = home;
    this.#config = config;
    this.#server = server;
    this.#school = school;
  }

  /** @param configFor what the server is told besides, by the home folder */
  static async open(configFor = (_home: string): Partial<Config> => ({})): Promise<Stage> {
    const home = await mkdtemp(join(tmpdir(), 'muster-stage-'));
    const config = { ...configFor(home), port: await freePort() };
    const server = await serve(home, config);
    return new Stage(home, config, server, await openSchool(server));
  }

  get school(): School {
    return this.#school;
  }

  get origin(): string {
    return this.#server.origin;
  }

  /** A class of three. */
  async addClass(name = 'Physics 10B'): Promise<string> {
    const group = await this.school.addGroup(name);
    await this.school.enrol(group, [
      ['007', 'Ada Lovelace'],
      ['008', 'Alan Turing'],
      ['009', 'Grace Hopper'],
    ]);
    return group;
  }

  openTerminal({ flags = [], origin = this.origin, ...look }: Seat = {}): PseudoTerminal {
    return new PseudoTerminal(this.home, ['terminal', '--server', origin, ...flags], look);
  }

  openPage(seat: Seat = {}): PageWalker {
    return new PageWalker(this.openTerminal(seat));
  }

  openLines({ flags = [], ...seat }: Seat = {}): LineWalker {
    return new LineWalker(this.openTerminal({ ...seat, flags: [...flags, '--linear'] }));
  }

  /** What stands for a number in a session. */
  async recordOf(session: SessionId, number: string) {
    const { people } = await this.school.board(session);
    return people.find((person) => person.number === number)?.record;
  }

  /** What was done, newest first, besides reading and signing in. */
  async listDeeds(): Promise<readonly AuditLine[]> {
    const { value } = await this.school.admin.get<AuditPage>('/api/audit?stream=all');
    return value.events.filter(({ type }) => !/read|sign-in|audit/.test(type));
  }

  async stopServer(): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }

  /** The server on the same data and port again. */
  async startServer(): Promise<void> {
    this.#server = await serve(this.home, this.#config);
    this.#school = new School(this.#server, this.#school.admin);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopServer();
    await rm(this.home, { recursive: true, force: true });
  }
}

const serve = (home: string, config: Partial<Config>) =>
  startTestServer({ clock: realClock, folder: join(home, 'server'), config });
