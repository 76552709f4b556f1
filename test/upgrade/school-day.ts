// A school that has seen a bit of everything: what the upgrade test keeps of each version, and what the test of raw
// dumps looks for. It goes through the routes that the pages use, so that an older Muster can make it too.
import type { Invitation } from '../../src/core/account.wire.ts';
import type { PersonId, SessionId } from '../../src/core/brand.ts';
import { erasePerson } from '../../src/store/erasure.ts';
import type { FakeClock, TestServer } from '../app.ts';
import { adminEmail, adminPassword, openSchool, type School } from '../school.ts';
import type { Visitor } from '../visitor.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** Number and name; names in several scripts, none of them anybody's. */
const people: readonly (readonly [number: string, name: string])[] = [
  ['2026-0417', 'Amélie Fournier'],
  ['2026-0418', 'Björn Åkesson'],
  ['2026-0419', 'Chiamaka Obi'],
  ['2026-0420', 'Dmitri Волков'],
  ['2026-0421', 'Elif Yıldız'],
  ['2026-0422', 'Ἑλένη Παπαδοπούλου'],
  ['2026-0423', 'François N’Diaye'],
  ['2026-0424', 'Hina 佐藤'],
  ['2026-0425', 'Iñaki Etxeberria'],
  ['2026-0426', 'João Gonçalves'],
  ['2026-0427', 'Kateřina Dvořáková'],
  ['2026-0428', 'Łukasz Wójcik'],
  ['2026-0429', 'María José de la Cruz'],
  ['2026-0430', 'Nguyễn Thị Hương'],
  ['2026-0431', 'Olena Шевченко'],
  ['2026-0432', 'Priya सिंह'],
  ['2026-0433', 'Qays الهاشمي'],
  ['2026-0434', 'Rūta Kazlauskaitė'],
  ['2026-0435', 'Søren Østergaard'],
  ['2026-0436', 'Somchai ศรีสุข'],
  ['2026-0437', 'Wei 王伟 𠮷'],
  ['2026-0438', 'Yael כהן'],
  ['2026-0439', 'Zoë O’Brien'],
  ['2026-0440', 'მარიამ ბერიძე'],
];

/** What was written into it and must lie readable nowhere in a database. */
export interface SchoolDay {
  readonly sessions: readonly SessionId[];
  readonly names: readonly string[];
  readonly numbers: readonly string[];
  readonly emails: readonly string[];
  readonly titles: readonly string[];
  readonly groups: readonly string[];
  readonly reasons: readonly string[];
  /** How a list of sign-ins calls the device. */
  readonly devices: readonly string[];
  /** Passwords and what stands in cookies. */
  readonly secrets: readonly string[];
}

const groups = ['Fizyka 10B', '化学 10C'];
const titles = ['Wiederholung: Optik', 'Лабораторна робота', 'Swift roll in the hall', 'Ausflug'];
const reasons = ['Arztbesuch am Vormittag', 'тренер захворів', 'kam mit dem Bus'];
const hosts = [
  ['Henrika Hošková', 'henrika.hoskova@school.example'],
  ['Ivo Gästgeber', 'ivo.gastgeber@school.example'],
] as const;
const guests = [
  ['GAST-77101', 'Gastón Besuchermann'],
  ['GAST-77102', 'Ghita المغربي'],
  ['2026-04L9', 'Chiamaka Tippfehler'],
  ['GAST-77104', 'Gerlinde Zweitklage'],
] as const;
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** Lives through a day of the school on a server that has just been started for the first time. */
export async function liveSchoolDay(server: TestServer<FakeClock>): Promise<SchoolDay> {
  const school = await openSchool(server);
  school.admin.headers['user-agent'] = firefox;
  await school.signInAgain();
  const [physics = '', chemistry = ''] = [
    await school.addGroup(groups[0] as string),
    await school.addGroup(groups[1] as string),
  ];
  await school.enrol(physics, people.slice(0, 16));
  await school.enrol(chemistry, people.slice(12));
  const host = await school.inviteHost([physics], ...hosts[0]);
  await inviteTwoMore(school, physics);
  await failToSignIn(school);
  const lesson = await teach(server, school, host, physics);
  const roll = await callRoll(server, school, chemistry);
  await eraseOne(server, school, lesson);
  const cancelled = await cancelTrip(server, school, chemistry);
  const open = await leaveOneOpen(server, school, host, physics);
  return {
    sessions: [lesson, roll, cancelled, open],
    names: [...[...people, ...guests].map(([, name]) => name), ...hosts.map(([name]) => name)],
    numbers: [...people, ...guests].map(([number]) => number),
    emails: [adminEmail, ...hosts.map(([, email]) => email), 'nobody.there@school.example'],
    titles,
    groups,
    reasons,
    devices: ['Firefox, Linux'],
    secrets: [adminPassword, ...school.admin.cookies.values(), ...host.cookies.values()],
  };
}

/** One invitation that waits, one that was taken back. */
async function inviteTwoMore({ admin }: School, group: string): Promise<void> {
  const [name, email] = hosts[1];
  const invite = { name, email, role: 'host', groups: [group] };
  await must(admin.post('/api/invitations', invite));
  await must(admin.post('/api/invitations', { ...invite, email: 'nobody.there@school.example' }));
  const list = await must(admin.get<Invitation[]>('/api/invitations'));
  const waiting = list.value.find(({ state }) => state === 'open');
  await must(admin.post(`/api/invitations/${waiting?.id}/revoke`));
}

async function failToSignIn(school: School): Promise<void> {
  const login = { login: adminEmail, password: 'not-this-one-either' };
  const reply = await school.phone().post('/api/sign-in', login);
  if (reply.status < 400) throw new Error('a wrong password was taken');
}

/** A lesson with everything that happens in one, and its closing. */
async function teach(
  server: TestServer<FakeClock>,
  school: School,
  host: Visitor,
  group: string,
): Promise<SessionId> {
  const { clock } = server;
  const startsAt = clock.now();
  const session = await school.openSession(
    { group, title: titles[0], startsAt, endsAt: startsAt + 45 * minute },
    host,
  );
  const arrive = async (number: string, name?: string) =>
    must(school.phone().checkIn(await school.token(session), number, name));
  for (const [number] of people.slice(0, 7)) await arrive(number);
  await arrive(...guests[0]);
  await arrive(...guests[2]);
  // two phones claim the same number; the host keeps the second
  await arrive(people[7]?.[0] as string);
  const { value } = await arrive(people[7]?.[0] as string);
  const disputed = await personOf(school, session, people[7]?.[0] as string);
  const keep = disputed.claims.find(({ mark }) => mark === value.mark)?.claim;
  await must(host.post(`/api/sessions/${session}/settle`, { person: disputed.id, keep }));
  clock.advance(9 * minute);
  for (const [number] of people.slice(8, 11)) await arrive(number);
  // marks by hand, one of them taken back
  const [excused, absent] = [
    await personOf(school, session, people[11]?.[0] as string),
    await personOf(school, session, people[12]?.[0] as string),
  ];
  const mark = (person: string, status: string, note: string) =>
    must(
      host.post<{ seq: number }>(`/api/sessions/${session}/marks`, {
        people: [person],
        status,
        note,
      }),
    );
  await mark(excused.id, 'excused', reasons[0] as string);
  const { seq } = (await mark(absent.id, 'absent', reasons[2] as string)).value;
  await must(host.post(`/api/sessions/${session}/undo`, { person: absent.id, seq }));
  // a mistyped number came as a guest and is really somebody of the class
  const guest = await personOf(school, session, guests[2][0]);
  const person = await personOf(school, session, people[13]?.[0] as string);
  const merge = { guest: guest.id, person: person.id };
  await must(host.post(`/api/sessions/${session}/merge`, merge));
  clock.advance(40 * minute);
  await must(host.post(`/api/sessions/${session}/close`));
  return session;
}

/** A quick roll without a list, to which a group is attached afterwards. */
async function callRoll(
  server: TestServer<FakeClock>,
  school: School,
  group: string,
): Promise<SessionId> {
  server.clock.advance(20 * minute);
  const session = await school.openSession({ title: titles[2] });
  for (const [number, name] of [...people.slice(13, 18), guests[1]]) {
    await must(school.phone().checkIn(await school.token(session), number, name));
  }
  await must(school.admin.post(`/api/sessions/${session}/roster`, { group }));
  await must(school.admin.post(`/api/sessions/${session}/close`));
  return session;
}

/** There is no page for it: the store's own function. */
async function eraseOne(
  server: TestServer<FakeClock>,
  school: School,
  session: SessionId,
): Promise<void> {
  const { id } = await personOf(school, session, people[3]?.[0] as string);
  const erased = await erasePerson(server.app.store, 'operator', id as PersonId);
  if (!erased.ok) throw new Error('nobody was erased');
}

async function cancelTrip(
  server: TestServer<FakeClock>,
  school: School,
  group: string,
): Promise<SessionId> {
  const startsAt = server.clock.now() + day;
  const request = { group, title: titles[3], startsAt, endsAt: startsAt + 60 * minute };
  const session = await school.openSession(request);
  await must(school.admin.post(`/api/sessions/${session}/cancel`, { reason: reasons[1] }));
  return session;
}

/** A session that is still open, with a dispute that nobody has settled. */
async function leaveOneOpen(
  server: TestServer<FakeClock>,
  school: School,
  host: Visitor,
  group: string,
): Promise<SessionId> {
  server.clock.advance(30 * minute);
  const session = await school.openSession({ group, title: titles[1] }, host);
  const numbers = [0, 4, 5, 14, 14].map((index) => people[index]?.[0] as string);
  for (const number of numbers) {
    await must(school.phone().checkIn(await school.token(session), number));
  }
  await must(school.phone().checkIn(await school.token(session), ...guests[3]));
  return session;
}

async function personOf(school: School, session: SessionId, number: string) {
  const found = (await school.board(session)).people.find((person) => person.number === number);
  if (!found) throw new Error(`nobody on the board has the number ${number}`);
  return found;
}

async function must<T extends { readonly status: number; readonly value: unknown }>(
  reply: Promise<T>,
): Promise<T> {
  const done = await reply;
  if (done.status !== 200) throw new Error(JSON.stringify(done.value));
  return done;
}
