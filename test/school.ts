import type { Me, Role } from '../src/core/account.wire.ts';
import type { SessionId } from '../src/core/brand.ts';
import type { RosterApplied } from '../src/core/roster.wire.ts';
import type { Board } from '../src/core/session.wire.ts';
import { presentCode } from '../src/server/live-code.ts';
import type { TestServer } from './app.ts';
import { Visitor } from './visitor.ts';

export const adminPassword = 'violet-otter-canyon-41';
export const hostPassword = 'quiet-lantern-meadow-17';
export const adminEmail = 'ada@example.org';
const hostEmail = 'henri@example.org';

/** A set-up school with an administrator, through the same routes that the pages use. */
export async function openSchool<Clock>(server: TestServer<Clock>): Promise<School> {
  const admin = new Visitor(server.origin);
  const token = server.app.setUpLink.token;
  const reply = await admin.post<Me>('/api/setup', {
    token,
    organisation: 'Linden School',
    zone: 'Europe/Berlin',
    language: 'en',
    words: 'school',
    name: 'Ada Admin',
    email: adminEmail,
    password: adminPassword,
  });
  if (reply.status !== 200) throw new Error(`set-up: ${JSON.stringify(reply.value)}`);
  return new School(server, admin);
}

export class School {
  readonly server: TestServer<unknown>;
  readonly admin: Visitor;

  constructor(server: TestServer<unknown>, admin: Visitor) {
    this.server = server;
    this.admin = admin;
  }

  /** An administrator who did nothing for half a day has to sign in again. */
  async signInAgain(): Promise<void> {
    const reply = await this.admin.post('/api/sign-in', {
      login: adminEmail,
      password: adminPassword,
    });
    if (reply.status !== 200) throw new Error(`sign-in: ${JSON.stringify(reply.value)}`);
  }

  /** A host, or somebody in another role, who came by an invitation. */
  async inviteHost(
    groups: readonly string[] = [],
    name = 'Henri Host',
    email = hostEmail,
    role: Role = 'host',
  ): Promise<Visitor> {
    const invited = await this.admin.post<{ link: string }>('/api/invitations', {
      name,
      role,
      groups,
    });
    const token = invited.value.link.split('#')[1];
    const host = new Visitor(this.server.origin);
    const reply = await host.post('/api/invitation/accept', {
      token,
      name,
      email,
      password: hostPassword,
    });
    if (reply.status !== 200) throw new Error(`invitation: ${JSON.stringify(reply.value)}`);
    return host;
  }

  async addGroup(name: string, by = this.admin): Promise<string> {
    const reply = await by.post<{ id: string }>('/api/groups', { name });
    if (reply.status !== 200) throw new Error(`group: ${JSON.stringify(reply.value)}`);
    return reply.value.id;
  }

  /** Brings a roster in by CSV; enrolled since the start of the year. */
  async enrol(
    group: string,
    people: readonly (readonly [number: string, name: string])[],
  ): Promise<RosterApplied> {
    const text = [
      'number,name',
      ...people.map(([number, name]) => `${number},"${name.replaceAll('"', '""')}"`),
    ].join('\n');
    const reply = await this.admin.post<RosterApplied>(`/api/groups/${group}/roster/apply`, {
      text,
      from: '2026-01-01',
    });
    if (reply.status !== 200) throw new Error(`roster: ${JSON.stringify(reply.value)}`);
    return reply.value;
  }

  /** A group with this roster. */
  async addClass(people: Parameters<School['enrol']>[1], name = 'Physics 10B'): Promise<string> {
    const group = await this.addGroup(name);
    await this.enrol(group, people);
    return group;
  }

  async openSession(request: object = {}, by = this.admin): Promise<SessionId> {
    const reply = await by.post<{ id: SessionId }>('/api/sessions', request);
    if (reply.status !== 200) throw new Error(`session: ${JSON.stringify(reply.value)}`);
    return reply.value.id;
  }

  /** The token that a board shows now. */
  async token(session: SessionId): Promise<string> {
    const { token } = await presentCode(this.server.app, session);
    if (token === null) throw new Error('no code is shown');
    return token;
  }

  async typed(session: SessionId): Promise<string> {
    return (await presentCode(this.server.app, session)).typed ?? '';
  }

  async board(session: SessionId, by = this.admin): Promise<Board> {
    return (await by.get<Board>(`/api/sessions/${session}`)).value;
  }

  phone(): Visitor {
    return new Visitor(this.server.origin);
  }
}
