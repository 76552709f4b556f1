import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { SessionId } from '../../src/core/brand.ts';
import type { GroupView } from '../../src/core/group.wire.ts';
import { adminEmail, adminPassword } from '../school.ts';
import { Visitor } from '../visitor.ts';
import { keys } from './pseudo-terminal.ts';
import { type Seat, Stage } from './stage.ts';

vi.setConfig({ testTimeout: 3 * 60_000 });

const pin = '482915';
let stage: Stage;
let session: SessionId;

beforeAll(async () => {
  stage = await Stage.open();
  const { school } = stage;
  const group = await stage.addClass('Night shift');
  const { roster } = (await school.admin.get<GroupView>(`/api/groups/${group}`)).value;
  for (const { person } of roster) await school.admin.post(`/api/people/${person}/pin`, { pin });
  session = await school.openSession({ group });
});
afterAll(() => stage[Symbol.asyncDispose]());

const openDoor = (seat: Seat = {}) => stage.openTerminal({ ...seat, flags: ['--kiosk'] });

test('a door: wrong, right, away, killed, back, and left by a host only', async () => {
  {
    const { admin } = stage.school;
    const made = await admin.post<{ code: string }>('/api/terminals', { name: 'Gate' });
    await using terminal = openDoor();
    await terminal.answer('Code', made.value.code);
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
    const { people } = await stage.school.board(session);
    const ada = people.find(({ number }) => number === '007')?.id;
    const { value } = await admin.post<{ password: string }>(`/api/people/${ada}/password`);
    const own = 'a ladder made of rain';
    const leave = async (password: string) => {
      terminal.type(`\x03007${keys.enter}`);
      await terminal.sees("The host's password");
      terminal.type(`${password}${keys.enter}`);
    };
    await leave(value.password);
    await terminal.sees('The password has to be changed first.');
    const visitor = new Visitor(stage.origin);
    await visitor.post('/api/sign-in', { login: '007', password: value.password });
    await visitor.post('/api/password', { current: value.password, next: own });
    await leave(own);
    await terminal.sees('Only a host');
    terminal.type('\x1a\x04\x1c\ufffd\x00');
    terminal.resize(40, 10);
    await terminal.sees('Your number');

    await stage.stopServer();
    terminal.type(`008${keys.enter}`);
    await terminal.sees('Your PIN');
    terminal.type(`${pin}${keys.enter}`);
    await terminal.sees('not yet verified');
    terminal.kill('SIGKILL');
    await terminal.ended;
    expect(terminal.raw).not.toContain(pin);
  }
  // nothing that lies there holds what was typed
  const { host } = new URL(stage.origin);
  const folder = join(stage.home, '.config/muster/kiosk', host.replace(':', '_'));
  const [waiting = '', ...others] = (await readdir(folder)).sort();
  expect(others).toEqual(['pairing.json']);
  const text = await readFile(join(folder, waiting), 'utf8');
  const { box, ...rest } = JSON.parse(text) as Record<string, string>;
  expect(Object.keys(rest)).toEqual(['attempt', 'at']);
  const opened = Buffer.from(box ?? '', 'base64').toString('latin1');
  for (const typed of [pin, '"008"']) expect(text + opened).not.toContain(typed);

  await using terminal = openDoor({ columns: 40, rows: 10 });
  await terminal.sees('1 not yet verified');
  await stage.startServer();
  await terminal.sees('Enter goes on');
  expect(await stage.recordOf(session, '008')).toMatchObject({ how: 'terminal' });
  expect(await readdir(folder)).toEqual(['pairing.json']);
  terminal.type('\x03');
  await terminal.sees('To leave');
  terminal.type(`${adminEmail}${keys.enter}`);
  await terminal.sees("The host's password");
  terminal.type(`${adminPassword}${keys.enter}`);
  expect(await terminal.ended).toBe(0);
  expect(terminal.raw).not.toMatch(/\n\s+at /);
});
