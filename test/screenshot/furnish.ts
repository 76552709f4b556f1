import { setTimeout } from 'node:timers/promises';
import { Secret, TOTP } from 'otpauth';
import type { SessionId } from '../../src/core/brand.ts';
import { listMail } from '../../src/store/mail.ts';
import type { realClock, TestServer } from '../app.ts';
import { sampleNames } from '../sample-names.ts';
import { hostPassword, openSchool, type School } from '../school.ts';
import type { Visitor } from '../visitor.ts';

export type Who = 'admin' | 'host' | 'supervisor' | 'auditor' | 'attendee' | 'secured' | 'assigned';

/** A school in which every page has something to show. */
export interface Furnished {
  readonly school: School;
  readonly group: string;
  readonly past: SessionId;
  readonly session: SessionId;
  readonly quick: SessionId;
  readonly person: string;
  /** Whose data a legal hold keeps. */
  readonly held: string;
  readonly visitors: Readonly<Record<Who, Visitor>>;
  /** Paths with their tokens. */
  readonly links: Readonly<Record<'invitation' | 'registration' | 'reset', string>>;
}

export const securedEmail = 'tobias@example.org';

const whole = {
  number: 'S900',
  name: 'Maximiliane-Theodora von und zu Hohenstein-Oberwaldkirchen',
  email: 'maximiliane-theodora.hohenstein-oberwaldkirchen@students.example.org',
  contact: '+49 170 5550188, mornings',
  address: '12 Long Lane\nUpper Waldkirchen\n04109 Lindenau',
  birthDate: '2009-03-19',
  job: 'Class speaker',
  department: 'Upper school',
  own: { house: 'North' },
};

export async function furnish(server: TestServer<typeof realClock>): Promise<Furnished> {
  const school = await openSchool(server);
  const { admin } = school;
  const group = await school.addGroup('Physics 10B');
  await school.addGroup('Chemistry 9A');
  await school.enrol(
    group,
    sampleNames.map((name, index) => [numberOf(index), name] as const),
  );
  const fields = [{ id: 'house', name: 'House', type: 'choice', choices: ['North', 'South'] }];
  await must(admin.post('/api/people/fields', { fields }));
  const visitors = await inviteEverybody(school, group);
  const links = await sendLinks(server, school, group);
  const past = await pastSession(school, visitors, group);
  const session = await school.openSession({ group, title: 'Waves and light' });
  await arrive(school, session, 23);
  await school.phone().checkIn(await school.token(session), numberOf(1));
  const quick = await school.openSession({ title: 'Guest lecture' });
  const { value } = await must(admin.post<{ person: string }>('/api/people', whole));
  await must(admin.post(`/api/groups/${group}/people`, { number: whole.number, name: whole.name }));
  await must(admin.post(`/api/people/${value.person}`, { job: 'Head of the choir' }));
  const held = await personOf(school, numberOf(1));
  await must(
    admin.post(`/api/people/${held}/legal-hold/place`, {
      reason: 'Case 4 C 17/26 at the county court; asked by the school board on 12 November',
    }),
  );
  for (const index of [40, 41]) await erase(school, `S9${index}`, `Gone Pupil ${index}`);
  await must(admin.post('/api/terminals', { name: 'Front door' }));
  return { school, group, past, session, quick, person: value.person, held, visitors, links };
}

const numberOf = (index: number) => `S${String(index + 1).padStart(3, '0')}`;

async function inviteEverybody(school: School, group: string): Promise<Furnished['visitors']> {
  const { admin } = school;
  const invite = (name: string, role: 'host' | 'supervisor' | 'auditor' | 'attendee') =>
    school.inviteHost(
      role === 'host' ? [group] : [],
      name,
      `${name.split(' ')[0]?.toLowerCase()}@example.org`,
      role,
    );
  const host = await invite('Henri Host', 'host');
  const supervisor = await invite('Sabine Supervisor', 'supervisor');
  const auditor = await invite('Aurel Auditor', 'auditor');
  const attendee = await invite('Nora Newcomer', 'attendee');
  const secured = await invite('Tobias Twostep', 'host');
  const assigned = await invite('Anna Assigned', 'attendee');
  const idOf = async (of: Visitor) => (await of.get<{ id: string }>('/api/me')).value.id;
  const supervisors = [await idOf(supervisor)];
  await must(admin.post(`/api/groups/${group}/supervisors`, { supervisors }));
  await must(
    admin.post(`/api/people/${await idOf(attendee)}`, { number: 'S000', department: '10B' }),
  );
  await school.enrol(group, [['S000', 'Nora Newcomer']]);
  await addTotp(secured);
  const path = `/api/people/${await idOf(assigned)}/password`;
  const { value } = await must(admin.post<{ password: string }>(path));
  const login = { login: 'anna@example.org', password: value.password };
  await must(assigned.post('/api/sign-in', login));
  return { admin, host, supervisor, auditor, attendee, secured, assigned };
}

async function addTotp(of: Visitor): Promise<void> {
  const password = hostPassword;
  const { value } = await must(
    of.post<{ offer: string; secret: string }>('/api/totp/begin', { password }),
  );
  const code = new TOTP({ secret: Secret.fromBase32(value.secret) }).generate();
  await must(of.post('/api/totp/confirm', { offer: value.offer, code }));
}

async function sendLinks(
  server: TestServer<typeof realClock>,
  school: School,
  group: string,
): Promise<Furnished['links']> {
  const { admin } = school;
  const settings = {
    host: '127.0.0.1',
    port: 9,
    security: 'none',
    user: 'muster',
    password: '',
    from: 'office@example.org',
  };
  await must(admin.post('/api/mail/settings', settings));
  await must(admin.post('/api/registration/settings', { domains: ['example.org'] }));
  const stranger = school.phone();
  const registration = { number: 'S950', name: 'Rita Registers', email: 'rita@example.org' };
  await must(stranger.post('/api/registration', registration));
  await must(stranger.post('/api/password-reset', { login: 'nora@example.org' }));
  // an answer does not wait for its mail
  const linkTo = async (to: string): Promise<string> => {
    const mails = await listMail(server.app.store, 10);
    const link = mails.find((mail) => mail.to === to)?.data.link;
    return link ? pathOf(link) : setTimeout(100, to).then(linkTo);
  };
  const asked = { name: 'Noor Newcomer', role: 'host', groups: [group] };
  const invited = await must(admin.post<{ link: string }>('/api/invitations', asked));
  return {
    invitation: pathOf(invited.value.link),
    registration: await linkTo('rita@example.org'),
    reset: await linkTo('nora@example.org'),
  };
}

function pathOf(link: string): string {
  const { pathname, hash } = new URL(link);
  return pathname + hash;
}

async function pastSession(
  school: School,
  { host }: Furnished['visitors'],
  group: string,
): Promise<SessionId> {
  const made = await school.openSession({ group, title: 'Heat' }, host);
  await school.phone().checkIn(await school.token(made), 'S000');
  await arrive(school, made, 19);
  await school.admin.post(`/api/sessions/${made}/close`);
  return made;
}

/** Some of the class come in. */
async function arrive(to: School, id: SessionId, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await to.phone().checkIn(await to.token(id), numberOf(index));
  }
}

/** The person with a number, once the people have been read. */
async function personOf(of: School, number: string): Promise<string> {
  const found = await of.admin.get<{ people: { person: string }[]; indexed: number }>(
    `/api/people?query=${number}`,
  );
  if (found.value.indexed < 1) return personOf(of, number);
  return found.value.people[0]?.person ?? '';
}

async function erase({ admin }: School, number: string, name: string): Promise<void> {
  const { value } = await must(admin.post<{ person: string }>('/api/people', { number, name }));
  await must(admin.post(`/api/people/${value.person}/erase`, { name }));
}

async function must<T extends { readonly status: number; readonly value: unknown }>(
  reply: Promise<T>,
): Promise<T> {
  const done = await reply;
  if (done.status !== 200) throw new Error(JSON.stringify(done.value));
  return done;
}
