import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { SessionId } from '../../src/core/brand.ts';
import type { GroupView } from '../../src/core/group.wire.ts';
import { realClock, startTestServer, type TestServer } from '../app.ts';
import { freePort } from '../cluster/free-port.ts';
import { adminEmail, adminPassword, openSchool, School } from '../school.ts';
import { until } from '../until.ts';
import { keys, PseudoTerminal } from './pseudo-terminal.ts';

const pin = '482915';
vi.setConfig({ testTimeout: 3 * 60_000 });

let home: string;
let port: number;
let server: TestServer<typeof realClock>;
let school: School;
let session: SessionId;

const start = () =>
  startTestServer({ clock: realClock, folder: join(home, 'server'), config: { port } });

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'muster-kiosk-'));
  port = await freePort();
  server = await start();
  school = await openSchool(server);
  const group = await school.addGroup('Night shift');
  await school.enrol(group, [
    ['007', 'Ada Lovelace'],
    ['008', 'Alan Turing'],
  ]);
  const { roster } = (await school.admin.get<GroupView>(`/api/groups/${group}`)).value;
  for (const { person } of roster) await school.admin.post(`/api/people/${person}/pin`, { pin });
  session = await school.openSession({ group });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

const open = (options = {}) =>
  new PseudoTerminal(home, ['terminal', '--kiosk', '--server', server.origin], options);

async function pair(terminal: PseudoTerminal): Promise<void> {
  const { code } = (await school.admin.post<{ code: string }>('/api/terminals', { name: 'Gate' }))
    .value;
  await terminal.answer('Code', code);
}

test('a door: wrong, right, away, killed, back, and left by a host only', async () => {
  {
    await using terminal = open();
    await pair(terminal);
    await terminal.sees('Your number');
    terminal.type(`007${keys.enter}`);
    await terminal.sees('Your PIN');
    terminal.type(`111213${keys.enter}`);
    await terminal.sees('Not checked in');
    terminal.type(keys.escape);
    await terminal.sees('Your number');
    terminal.type(`007${keys.enter}`);
    await terminal.sees('Your PIN');
    terminal.type(`${pin}${keys.enter}`);
    await terminal.sees('Checked in: present');
    await terminal.sees('Ada Lovelace, Night shift');
    // not left by ^C, ^Z or ^D, nor by somebody who is no host
    terminal.type('\x03');
    await terminal.sees('To leave');
    terminal.type(`007${keys.enter}`);
    await terminal.sees("The host's password");
    terminal.type(`${pin}${keys.enter}`);
    await terminal.sees('A PIN does not count here.');
    const { people } = await school.board(session);
    const ada = people.find(({ number }) => number === '007')?.id;
    const { value } = await school.admin.post<{ password: string }>(`/api/people/${ada}/password`);
    terminal.type(`\x03007${keys.enter}`);
    await terminal.sees("The host's password");
    terminal.type(`${value.password}${keys.enter}`);
    await terminal.sees('Only a host');
    terminal.type('\x1a\x04\x1c\ufffd\x00');
    terminal.resize(40, 10);
    await terminal.sees('Your number');

    await server[Symbol.asyncDispose]();
    terminal.type(`008${keys.enter}`);
    await terminal.sees('Your PIN');
    terminal.type(`${pin}${keys.enter}`);
    await terminal.sees('not yet verified');
    terminal.kill('SIGKILL');
    await terminal.ended;
    expect(terminal.raw).not.toContain(pin);
  }
  // nothing that lies there holds what was typed
  const folder = join(home, '.config/muster/kiosk', `localhost_${port}`);
  const files = await readdir(folder);
  expect(files).toHaveLength(2);
  for (const name of files) {
    const text = await readFile(join(folder, name), 'utf8');
    for (const secret of [pin, '008', Buffer.from(pin).toString('base64')])
      expect(text).not.toMatch(new RegExp(`(?<![0-9a-f])${secret}(?![0-9a-f])`));
  }

  await using terminal = open({ columns: 40, rows: 10 });
  await terminal.sees('1 not yet verified');
  server = await start();
  school = new School(server, school.admin);
  await until(async () => {
    const { people } = await school.board(session);
    return people.find(({ number }) => number === '008')?.record.how === 'terminal';
  });
  await until(async () => (await readdir(folder)).join() === 'pairing.json');
  terminal.type('\x03');
  await terminal.sees('To leave');
  terminal.type(`${adminEmail}${keys.enter}`);
  await terminal.sees("The host's password");
  terminal.type(`${adminPassword}${keys.enter}`);
  expect(await terminal.ended).toBe(0);
  expect(terminal.raw).not.toMatch(/\n\s+at /);
});
