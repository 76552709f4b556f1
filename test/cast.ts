import type { Role } from '../src/core/account.wire.ts';
import type { PersonId, SessionId } from '../src/core/brand.ts';
import { authenticate } from '../src/server/authenticate.ts';
import { operator } from '../src/server/gate.ts';
import type { SignedIn } from '../src/store/sign-in.ts';
import type { TestServer } from './app.ts';
import { openSchool, type School } from './school.ts';
import { Visitor } from './visitor.ts';

/** Everybody who tries every door, by what they are to the group "Physics 10B" and to Petra, who is enrolled in it. */
export const parts = [
  'nobody',
  'attendee',
  'otherHost',
  'host',
  'otherSupervisor',
  'supervisor',
  'auditor',
  'admin',
  'operator',
] as const;
export type Part = (typeof parts)[number];

/** Things that belong to somebody. */
export interface Things {
  readonly group: string;
  readonly session: SessionId;
  /** Opened by the group's host. */
  readonly quickRoll: SessionId;
  readonly petra: string;
}

/** By which of their roles a part owns which of the things. */
export const owned: Partial<Record<Part, { role: Role; things: readonly (keyof Things)[] }>> = {
  host: { role: 'host', things: ['group', 'session', 'quickRoll', 'petra'] },
  supervisor: { role: 'supervisor', things: ['group', 'session', 'petra'] },
};

export interface Cast {
  readonly school: School;
  readonly visitors: Readonly<Record<Part, Visitor>>;
  readonly things: Things;
  /** Who the server takes a part for. */
  signedIn(part: Part): Promise<SignedIn | null>;
}

/** Sets up a school with one of each. */
export async function openCast<Clock>(server: TestServer<Clock>): Promise<Cast> {
  const school = await openSchool(server);
  const group = await school.addGroup('Physics 10B');
  const other = await school.addGroup('Chemistry 9A');
  await school.enrol(group, [['7001', 'Petra Pupil']]);
  const { value } = await school.admin.get<{ roster: { person: string }[] }>(
    `/api/groups/${group}`,
  );
  const petra = value.roster[0]?.person ?? '';
  const host = await school.inviteHost([group]);
  const { store } = server.app;
  const invite = (role: Role, name: string, groups: readonly string[] = []) =>
    school.inviteHost(groups, name, `${name.replace(' ', '-')}@example.org`, role);
  const visitors: Record<Part, Visitor> = {
    nobody: new Visitor(server.origin),
    attendee: await invite('attendee', 'attendee'),
    otherHost: await school.inviteHost([other], 'Olga Other', 'olga@example.org'),
    host,
    otherSupervisor: await invite('supervisor', 'other supervisor', [other]),
    supervisor: await invite('supervisor', 'supervisor', [group]),
    auditor: await invite('auditor', 'auditor'),
    admin: school.admin,
    operator: new Visitor(server.origin),
  };
  const session = await school.openSession({ group }, host);
  const quickRoll = await school.openSession({ title: 'Quick roll' }, host);
  return {
    school,
    visitors,
    things: { group, session, quickRoll, petra },
    async signedIn(part) {
      const now = store.clock.now();
      if (part === 'operator') {
        const roles = new Set<Role>(['admin', 'host']);
        const person: PersonId = operator;
        return { person, roles, signIn: 'operator', createdAt: now, seenAt: now };
      }
      const cookies = Object.fromEntries(visitors[part].cookies);
      const trust = { secure: true, loopback: false, address: '127.0.0.1' };
      const request = { headers: {}, cookies, trust, method: 'GET' };
      return authenticate(server.app, request as never);
    },
  };
}
