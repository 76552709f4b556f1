// Everything personal and secret that the product can keep, each value to be found nowhere else: what the test of raw
// dumps looks for after a day at school. Whoever adds a table fills it here.
import { randomUUID } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { listMail } from '../../src/store/mail.ts';
import { sealBox } from '../../src/terminal/sealed-box.ts';
import type { FakeClock, TestServer } from '../app.ts';
import { Authenticator } from '../authenticator.ts';
import { Jar, proxyAddress, type Reply, tokenOf } from '../jar.ts';
import { adminEmail, adminPassword } from '../school.ts';
import { until } from '../until.ts';

export interface FullHouse {
  /** What says who somebody is, what they wrote, and where they sat. */
  readonly personal: readonly string[];
  /** What is not even there sealed: of somebody who was erased, and what was never kept. */
  readonly lost: readonly string[];
  /** What lets somebody in, and could be guessed: not even a plain hash of it may be kept. */
  readonly guessable: readonly string[];
  /** What lets somebody in, and is long and random. */
  readonly secrets: readonly string[];
  /** Random bytes that must not lie open. */
  readonly keys: readonly Uint8Array[];
}

const person = {
  number: 'NDL-50001',
  name: 'Zephyrine Quillfeather',
  email: 'zephyrine.quillfeather@needles.example',
  contact: '+49 170 555018823',
  address: 'Nadelgasse 77, Heuhaufen-Ost',
  birthDate: '1987-03-19',
  job: 'Obernadelprüferin',
  department: 'Abteilung Strohlager',
};
const ownValue = 'Spind 4711-XQ "links"';
const changedJob = 'Hauptnadelwartin';
const reasons = {
  hold: 'Verfahren 9 Ca 4711/26 am Arbeitsgericht',
  lifted: 'Vergleich geschlossen, Akte zu',
  deactivated: 'Elternzeit bis zum Sommer',
  erased: 'auf eigenen Wunsch vom Montag',
};
const host = { name: 'Hartwig Nadelöhr', email: 'hartwig.nadeloehr@needles.example' };
const attendee = { name: 'Apollonia Strohhalm', email: 'apollonia.strohhalm@needles.example' };
const leaver = { number: 'NDL-50002', name: 'Leberecht Wegezogen' };
const twin = { number: 'NDL-50003', name: 'Zephyrina Quilfether' };
const imported = { number: 'NDL-50004', name: 'Importine Listenfrau' };
const registering = {
  number: 'NDL-50005',
  name: 'Registrata Neuling',
  email: 'registrata.neuling@registering.example',
};
const mailServer = {
  host: 'mail.postamt.example',
  port: 9,
  security: 'none',
  user: 'postbote-17',
  password: 'Taube mit Siegelring 88',
  from: 'sekretariat@postamt.example',
};
const home = '198.51.100.77';
const elsewhere = '203.0.113.142';
const userAgent =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 CriOS/141.0';
const ownPassword = 'vierzehn stille Nadelbäume';
const wrongPassword = 'falsche Nadel im Heu 3000';
const pin = '604817253';
const passkeyName = 'Schlüsselbund im Nadelkissen';
const terminalName = 'Pforte am Strohlager';

/** Everything of it that somebody can see who may, as text: shows that it is there. */
export async function showHouse(server: TestServer<FakeClock>): Promise<string> {
  const admin = new Jar(server, { address: home, userAgent });
  await must(admin.post('/api/sign-in', { login: adminEmail, password: adminPassword }));
  const { people } = (await must(admin.get('/api/people?state=all'))).body;
  const paths = [
    ...people.map((one: { person: string }) => `/api/people/${one.person}`),
    '/api/mail',
    '/api/mail/settings',
    '/api/terminals',
    '/api/legal-holds',
    '/api/sign-ins',
  ];
  const shown = [];
  for (const path of paths) shown.push((await must(admin.get(path))).body);
  const mails = await listMail(server.app.store, 100);
  const link = mails.find(({ to }) => to === registering.email)?.data.link ?? '';
  const view = { token: tokenOf(link) };
  shown.push((await must(new Jar(server).post('/api/registration/view', view))).body);
  return JSON.stringify(shown);
}

/** Uses every feature once, as people do. The server has to trust `proxyAddress`. */
export async function fillHouse(server: TestServer<FakeClock>): Promise<FullHouse> {
  const admin = new Jar(server, { address: home, userAgent });
  await must(admin.post('/api/sign-in', { login: adminEmail, password: adminPassword }));
  const group = (await must(admin.post('/api/groups', { name: 'Stecknadeln' }))).body.id;
  const zephyrine = await addPeople(server, admin, group);
  const tokens = await sendMails(server, admin);
  const invited = await invite(server, admin, group);
  const account = await secure(server, admin, invited.jar);
  const door = await openDoor(server, admin, group, zephyrine);
  await keep(admin);
  await must(admin.get(`/api/people?query=${encodeURIComponent(person.name)}`));
  return {
    personal: [
      ...Object.values(person),
      ownValue,
      changedJob,
      ...Object.values(reasons),
      ...[host, attendee, twin, imported].flatMap((one) => Object.values(one)),
      registering.number,
      registering.name,
      // the domain may be known: everybody sees who may register
      registering.email.split('@')[0] ?? '',
      mailServer.user,
      mailServer.from,
      passkeyName,
      terminalName,
      home,
      elsewhere,
      'Chrome, iPhone',
    ],
    lost: [...Object.values(leaver), userAgent],
    guessable: [ownPassword, wrongPassword, mailServer.password, pin, ...account.guessable],
    secrets: [
      ...tokens,
      ...invited.tokens,
      ...account.secrets,
      ...door,
      ...[admin, invited.jar].flatMap(({ cookies }) =>
        [...cookies.values()].flatMap((cookie) => [cookie, ...cookie.split('.')]),
      ),
    ].filter((text) => text.length > 16),
    keys: account.keys,
  };
}

async function addPeople(
  server: TestServer<FakeClock>,
  admin: Jar,
  group: string,
): Promise<string> {
  const fields = [{ id: 'locker', name: 'Locker', type: 'text' }];
  await must(admin.post('/api/people/fields', { fields }));
  const add = async (body: object): Promise<string> =>
    (await must(admin.post('/api/people', body))).body.person;
  const id = await add({ ...person, own: { locker: ownValue } });
  await must(admin.post(`/api/people/${id}`, { job: changedJob }));
  const at = (rest: string, body: object) => must(admin.post(`/api/people/${id}/${rest}`, body));
  await at('deactivate', { reason: reasons.deactivated });
  await at('reactivate', {});
  await at('legal-hold/place', { reason: reasons.hold });
  await at('legal-hold/lift', { reason: reasons.lifted });
  await at('legal-hold/place', { reason: reasons.hold });
  await must(admin.get(`/api/people/${id}/data`));
  const double = await add(twin);
  await must(admin.post(`/api/people/${double}/merge`, { into: id }));
  const gone = await add(leaver);
  const erase = { name: leaver.name, reason: reasons.erased };
  await must(admin.post(`/api/people/${gone}/erase`, erase));
  const text = `number,name\n${imported.number},${imported.name}\n`;
  await must(admin.post('/api/people/import/apply', { text }));
  await must(
    admin.post(`/api/groups/${group}/people`, { number: person.number, name: person.name }),
  );
  server.clock.advance(60_000);
  return id;
}

/** Mails that wait, with links in them, and who asked for them. */
async function sendMails(server: TestServer<FakeClock>, admin: Jar): Promise<string[]> {
  await must(admin.post('/api/mail/settings', mailServer));
  await must(admin.post('/api/registration/settings', { domains: ['registering.example'] }));
  const stranger = new Jar(server, { address: elsewhere, userAgent });
  await must(stranger.post('/api/registration', registering));
  await must(stranger.post('/api/password-reset', { login: adminEmail }));
  await must(admin.post('/api/mail/test'));
  const wrong = { login: adminEmail, password: wrongPassword };
  await stranger.post('/api/sign-in', wrong);
  const operator = { authorization: `Bearer ${server.app.operatorToken.token}` };
  const links = [];
  for (const path of ['/api/password-links', '/api/sign-in-links']) {
    const asked = new Jar(server).post(path, { login: adminEmail }, operator);
    links.push((await must(asked)).body.link);
  }
  const listLinks = async () =>
    (await listMail(server.app.store, 100)).flatMap(({ data }) => data.link ?? []);
  // an answer does not wait for its mail
  await until(async () => (await listLinks()).length === 2);
  return [...links, ...(await listLinks())].map(tokenOf);
}

/** A host and a supervisor who came by invitation; the host enrols somebody by number alone. */
async function invite(server: TestServer<FakeClock>, admin: Jar, group: string) {
  const tokens: string[] = [];
  const come = async (who: typeof host, role: string) => {
    const asked = { ...who, role, groups: role === 'host' ? [group] : [] };
    const { body } = await must(admin.post('/api/invitations', asked));
    const token = tokenOf(body.link);
    tokens.push(token);
    const jar = new Jar(server, { address: elsewhere, userAgent });
    await must(jar.post('/api/invitation/accept', { ...who, token, password: ownPassword }));
    return jar;
  };
  const jar = await come(host, 'host');
  const supervisor = await come(attendee, 'supervisor');
  const { id } = (await must(supervisor.get('/api/me'))).body;
  await must(admin.post(`/api/groups/${group}/supervisors`, { supervisors: [id] }));
  const { id: own } = (await must(jar.post('/api/groups', { name: 'Nadelkurs' }))).body;
  const guess = { number: imported.number, name: imported.name };
  await must(jar.post(`/api/groups/${own}/people`, guess));
  const assigned = (await must(admin.post(`/api/people/${id}/password`))).body.password;
  tokens.push(assigned);
  return { jar, tokens };
}

/** Passkey, authenticator with recovery codes, and PIN of one account. */
async function secure(server: TestServer<FakeClock>, admin: Jar, jar: Jar) {
  const password = ownPassword;
  const authenticator = new Authenticator('muster.example');
  const { body: options } = await must(jar.post('/api/passkeys/begin', { password }));
  const response = authenticator.create(options, jar.origin);
  await must(jar.post('/api/passkeys', { name: passkeyName, response }));
  const { body: challenge } = await must(jar.post('/api/passkey/challenge'));
  const shown = authenticator.get(challenge, jar.origin);
  await must(jar.post('/api/passkey/sign-in', { response: shown }));
  const { body: offer } = await must(jar.post('/api/totp/begin', { password }));
  const secret = Secret.fromBase32(offer.secret);
  const code = new TOTP({ secret }).generate({ timestamp: server.clock.now() });
  const { body } = await must(jar.post('/api/totp/confirm', { offer: offer.offer, code }));
  await must(jar.post('/api/pin', { password, pin }));
  await must(admin.post('/api/organisation/second-step', { admins: false }));
  const codes: string[] = body.codes;
  return {
    guessable: [...codes, ...codes.map((text) => text.replace('-', ''))],
    secrets: [offer.secret],
    keys: [new Uint8Array(secret.buffer), authenticator.id],
  };
}

/** A shared terminal at a door, and somebody who checks in there. */
async function openDoor(
  server: TestServer<FakeClock>,
  admin: Jar,
  group: string,
  id: string,
): Promise<string[]> {
  await must(admin.post('/api/sessions', { group }));
  const { code } = (await must(admin.post('/api/terminals', { name: terminalName }))).body;
  const { body: door } = await must(new Jar(server).post('/api/terminal/pair', { code }));
  await must(admin.post(`/api/people/${id}/pin`, { pin }));
  const attempt = randomUUID();
  const box = sealBox(door.publicKey, attempt, { number: person.number, secret: pin });
  const body = { token: door.token, attempt, at: null, box };
  await must(new Jar(server).post('/api/terminal/check-in', body));
  return [door.token];
}

/** What is done with the installation as a whole. */
async function keep(admin: Jar): Promise<void> {
  await must(admin.get('/api/audit?stream=all'));
  await must(admin.post('/api/anchors'));
  await must(admin.post('/api/retention/run', { confirmed: true }));
  await must(admin.post('/api/backups'));
}

async function must(asked: Promise<Reply>): Promise<Reply> {
  const reply = await asked;
  if (reply.status !== 200) throw new Error(`${reply.status} ${JSON.stringify(reply.body)}`);
  return reply;
}

export const proxied = { trustedProxies: new Set([proxyAddress]) };
