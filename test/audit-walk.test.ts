// Every route that changes something leaves an event that says who did it, from where, and what was before.
import { randomUUID } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadPhonePage } from '../src/server/phone-page.ts';
import type { Route } from '../src/server/route.ts';
import { allRoutes } from '../src/server/routes.ts';
import { openPayloads } from '../src/store/audit.ts';
import type { EventTable } from '../src/store/schema.ts';
import { realClock, startTestServer, type TestServer } from './app.ts';
import { type Cast, openCast } from './cast.ts';
import { adminPassword, hostPassword } from './school.ts';

let server: TestServer<typeof realClock>;
let cast: Cast;
let routes: readonly Route[];
const seen = new Set<string>();
const problems: string[] = [];

beforeAll(async () => {
  server = await startTestServer({ clock: realClock });
  cast = await openCast(server);
  const { webFolder } = server.app;
  routes = allRoutes(loadPhonePage(webFolder), webFolder);
});
afterAll(() => server[Symbol.asyncDispose]());

/** What is not walked here, and why. */
const notWalked: Readonly<Record<string, string>> = {
  '/api/people/:person/merge/preview': 'changes nothing',
  '/api/people/import/preview': 'changes nothing',
  '/api/groups/:group/roster/preview': 'changes nothing',
  '/api/retention/preview': 'changes nothing',
  '/api/passkeys/begin': 'changes nothing: a challenge for the browser',
  '/api/totp/begin': 'changes nothing: an offer for the browser',
  '/api/passkeys': 'needs an authenticator: test/passkey.test.ts looks at its event',
  '/api/passkeys/:id/remove': 'needs an authenticator: test/passkey.test.ts looks at its event',
  '/api/setup-link': 'the operator alone, who shows it on the terminal; its use is an event',
  '/api/sign-in-links': 'the operator alone, on the server’s machine',
  '/api/password-links': 'the operator alone, on the server’s machine',
  '/api/mail/test': 'a mail to oneself; the outbox shows it',
  '/api/mail/:mail/retry': 'the same mail once more; the outbox shows it',
  '/api/backups': 'the event comes with the backup: test/backup.test.ts',
  '/api/retention/run': 'the event comes with the run: test/retention.test.ts',
  '/api/day-files': 'walked with real files by test/day-file-import.test.ts',
};

/** Types that change nothing that was there before, or whose name says what was. */
const withoutBefore: Readonly<Record<string, string>> = {
  'account.made': 'new',
  'anchor.made': 'new',
  'enrolment.added': 'new',
  'group.created': 'new',
  'invitation.made': 'new',
  'person.added': 'new',
  'recovery-codes.made': 'secrets: neither the old nor the new ones are told',
  'recovery-sheet.made': 'new',
  'session.planned': 'new',
  'terminal.invited': 'new',
  'totp.added': 'new',
  'people.imported': 'each person has an event of their own',
  'erasure.certified': 'new',
  'invitation.revoked': 'the type says it',
  'terminal.revoked': 'the type says it',
  'totp.removed': 'the type says it',
  'second-step.cleared': 'it says what there was',
  'hold.placed': 'the type says it',
  'hold.lifted': 'the type says it',
  'person.deactivated': 'the type says it',
  'person.reactivated': 'the type says it',
  'person.erased': 'what was is destroyed: that is the point',
  'sign-in.ended': 'the type says it',
  'session.closed': 'the type says it',
  'code.paused': 'the type says it',
  'code.resumed': 'the type says it',
  'code.refreshed': 'it says the new epoch, which is one more',
  'password.changed': 'a secret',
  'password.assigned': 'a secret',
  'pin.changed': 'a secret',
  'mark.undone': 'it names the mark that it takes back',
  note: 'the note before it is an event of its own',
  absence: 'nothing stood: the session was closed',
  'roster.attached': 'a quick roll has none before',
  'guest.merged': 'it names the guest, whose events stand',
  'person.merged': 'a guest has no fields but number and name, which stay in their events',
  'check-in.settled': 'the claims before it are events of their own',
};

const codeAt = (secret: string): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() });

async function allEvents(): Promise<EventTable[]> {
  const { engine, organisation } = server.app.store;
  return engine.read
    .selectFrom('event')
    .selectAll()
    .where('organisation', '=', organisation)
    .orderBy('id')
    .execute();
}

/** Calls a route and gives back the events that came of it. */
async function call(path: string, params: Record<string, string>, body: unknown, by = 'admin') {
  seen.add(path);
  const before = new Set((await allEvents()).map(({ id }) => id));
  const visitor = by === 'host' ? cast.visitors.host : cast.visitors.admin;
  const way = path.replace(/:(\w+)/g, (_, name: string) => params[name] ?? randomUUID());
  const reply = await visitor.post<Record<string, string>>(way, body);
  if (reply.status !== 200) problems.push(`${path}: ${JSON.stringify(reply.value)}`);
  const events = (await allEvents()).filter(({ id }) => !before.has(id));
  const opened = await openPayloads(server.app.store, events);
  const me = (await visitor.get<{ id: string }>('/api/me')).value.id;
  if (events.length === 0) problems.push(`${path} left no event`);
  for (const [index, event] of events.entries()) {
    const which = `${path}: ${event.type}`;
    const facts = JSON.parse(event.facts) as Record<string, unknown>;
    // who has just signed out is nobody
    const isTheirs = me === undefined || event.actor === me;
    if (!isTheirs && event.type !== 'absence') problems.push(`${which} is by ${event.actor}`);
    if (typeof facts.signIn !== 'number') problems.push(`${which} does not say from where`);
    const told = { ...facts, ...opened[index] };
    if (withoutBefore[event.type] === undefined && !('before' in told))
      problems.push(`${which} does not say what was before`);
  }
  return { value: reply.value, events };
}

test('every act by somebody who is signed in says who, from where, and what was before', async () => {
  const { petra, group, session, quickRoll } = cast.things;
  const idOf = async (part: 'host' | 'supervisor' | 'attendee') =>
    (await cast.visitors[part].get<{ id: string }>('/api/me')).value.id;
  const [host, supervisor, attendee] = [
    await idOf('host'),
    await idOf('supervisor'),
    await idOf('attendee'),
  ];
  const own = { group, session };
  const at = (name: string) => `/api/sessions/:session/${name}`;

  // sessions
  const planned = Date.now() + 3_600_000;
  const { value: made } = await call('/api/sessions', {}, { group, startsAt: planned }, 'host');
  const later = { session: made.id ?? '' };
  await call(at('open'), later, {}, 'host');
  await call(at('change'), own, { title: 'Mechanics', settings: { lateAfterMinutes: 3 } }, 'host');
  for (const move of ['pause', 'resume', 'refresh']) await call(at(move), own, {}, 'host');
  const marked = await call(at('marks'), own, { people: [petra], status: 'late' }, 'host');
  const seq = Number(marked.value.seq);
  await call(at('undo'), own, { person: petra, seq }, 'host');
  await call(at('notes'), own, { person: petra, note: 'left early' }, 'host');
  const phone = cast.school.phone();
  await phone.checkIn(await cast.school.token(session), '7001');
  await cast.school.phone().checkIn(await cast.school.token(session), '7001');
  await call(at('settle'), own, { person: petra, keep: null }, 'host');
  await phone.checkIn(await cast.school.token(quickRoll), '9009', 'Gast');
  await call(at('roster'), { session: quickRoll }, { group }, 'host');
  const board = await cast.school.board(quickRoll);
  const guest = board.people.find(({ number }) => number === '9009')?.id;
  await call(at('merge'), { session: quickRoll }, { guest, person: petra }, 'host');
  await call(at('close'), own, {}, 'host');
  await call(at('reopen'), own, {}, 'host');
  await call(at('cancel'), later, { reason: 'fire drill' }, 'host');

  // groups
  await call('/api/groups', {}, { name: 'Biology 8C' });
  await call('/api/groups/:group', own, { name: 'Physics 10 B' });
  await call('/api/groups/:group/hosts', own, { hosts: [host] });
  await call('/api/groups/:group/supervisors', own, { supervisors: [] });
  await call('/api/groups/:group/supervisors', own, { supervisors: [supervisor] });
  const { value: added } = await call('/api/groups/:group/people', own, {
    number: '7002',
    name: 'Paul Pupil',
  });
  const paul = added.person ?? added.id ?? '';
  const member = { group, person: paul };
  await call('/api/groups/:group/people/:person', member, { name: 'Paula Pupil' });
  await call('/api/groups/:group/people/:person', member, { until: '2027-01-31' });
  await call('/api/groups/:group/roster/apply', own, { text: 'number,name\n7003,Pia Pupil' });

  // people
  const { value: person } = await call('/api/people', {}, { number: '8001', name: 'Dora Double' });
  const dora = person.person ?? person.id ?? '';
  await call(
    '/api/people/fields',
    {},
    { fields: [{ id: 'locker', name: 'Locker', type: 'text' }] },
  );
  await call('/api/people/:person', { person: dora }, { department: 'North' });
  for (const verb of ['deactivate', 'reactivate']) {
    await call(`/api/people/:person/${verb}`, { person: dora }, { reason: 'moved' });
  }
  await call('/api/people/:person/legal-hold/place', { person: dora }, { reason: 'court' });
  await call('/api/people/:person/legal-hold/lift', { person: dora }, { reason: 'over' });
  await call('/api/people/:person/merge', { person: dora }, { into: paul });
  await call('/api/people/import/apply', {}, { text: 'number,name\n8002,Ida Import' });
  await call('/api/people/:person/pin', { person: petra }, { pin: '739154' });
  await call('/api/people/:person/roles', { person: attendee }, { roles: ['auditor'] });
  await call('/api/people/:person/password', { person: attendee }, {});
  await call('/api/people/:person/erase', { person: paul }, { name: 'Paula Pupil' });

  // settings
  const named = { name: 'North School', zone: 'Europe/Paris', language: 'en', words: 'work' };
  await call('/api/organisation', {}, { ...named, dayFiles: true });
  const mail = { host: 'localhost', port: 25, security: 'none', user: '', from: 'm@example.org' };
  await call('/api/mail/settings', {}, mail);
  await call('/api/registration/settings', {}, { domains: ['example.org'] });
  const backups = { on: false, time: '03:00', keep: { daily: 7, weekly: 4, monthly: 12 } };
  await call('/api/backups/settings', {}, { ...backups, elsewhere: false });
  const months = (count: number) => ({ unit: 'months', count });
  const rules = { evidence: months(6), access: null, mail: null, notes: null, guests: null };
  await call('/api/retention', {}, { rules: { ...rules, deactivated: null }, confirmed: true });
  await call('/api/anchors', {}, {});
  await call('/api/anchors/settings', {}, { time: '05:00', to: [] });
  const { value: terminal } = await call('/api/terminals', {}, { name: 'Door' });
  await call('/api/terminals/:terminal/revoke', { terminal: terminal.terminal ?? '' }, {});
  const { value: invited } = await call(
    '/api/invitations',
    {},
    {
      name: 'Ines',
      role: 'host',
      groups: [],
    },
  );
  expect(invited.link).toBeTypeOf('string');
  const { value: list } =
    await cast.visitors.admin.get<{ id: string; state: string }[]>('/api/invitations');
  const open = list.find(({ state }) => state === 'open')?.id ?? '';
  await call('/api/invitations/:id/revoke', { id: open }, {});

  // one's own account
  const password = hostPassword;
  const { value: offer } = await cast.visitors.host.post<{ offer: string; secret: string }>(
    '/api/totp/begin',
    { password },
  );
  const confirmed = { offer: offer.offer, code: codeAt(offer.secret) };
  await call('/api/totp/confirm', {}, confirmed, 'host');
  await call('/api/recovery-codes', {}, { password }, 'host');
  await call('/api/people/:person/second-step/clear', { person: host }, {});
  const again = await cast.visitors.host.post<{ offer: string; secret: string }>(
    '/api/totp/begin',
    { password },
  );
  const { offer: second, secret } = again.value;
  await call('/api/totp/confirm', {}, { offer: second, code: codeAt(secret) }, 'host');
  await call('/api/totp/remove', {}, { password }, 'host');
  await call('/api/recovery-sheet', {}, { password: adminPassword });
  await call('/api/pin', {}, { password: adminPassword, pin: '917354' });
  await call('/api/password', {}, { current: adminPassword, next: 'another-otter-canyon-42' });
  for (const [index, path] of ['/api/sign-out', '/api/sign-out-everywhere'].entries()) {
    await beSomebodyNew(`spare${index}@example.org`);
    await call(path, {}, {}, 'host');
  }
  await beSomebodyNew('last@example.org');
  const { value: signIns } = await cast.visitors.host.get<{ id: string }[]>('/api/sign-ins');
  await call('/api/sign-ins/:id/revoke', { id: signIns[0]?.id ?? '' }, {}, 'host');
  await call('/api/organisation/second-step', {}, { admins: true });
  expect(problems).toEqual([]);
});

/** The host's browser is somebody else's from now on. */
async function beSomebodyNew(email: string): Promise<void> {
  const { cookies } = await cast.school.inviteHost([], 'Sven Spare', email);
  cast.visitors.host.cookies.clear();
  for (const [name, value] of cookies) cast.visitors.host.cookies.set(name, value);
}

test('no changing route is left out', () => {
  const changing = routes
    .filter(({ method, needs }) => method === 'POST' && needs !== 'anyone')
    .map(({ path }) => path);
  const missing = changing.filter((path) => !seen.has(path) && notWalked[path] === undefined);
  expect(missing).toEqual([]);
});
