import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { realClock, startTestServer, type TestServer } from '../app.ts';
import { adminEmail, adminPassword, openSchool, type School } from '../school.ts';
import { keys } from './pseudo-terminal.ts';
import { Walker } from './walker.ts';

const minutes = 60_000;
let home: string;
let server: TestServer<typeof realClock>;
let school: School;
let line: { origin: string; hangs: boolean; close: () => void };

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'muster-slow-'));
  server = await startTestServer({ clock: realClock });
  school = await openSchool(server);
  line = await openLine(Number(new URL(server.origin).port));
});
afterAll(async () => {
  line.close();
  await server[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});
beforeEach(() => {
  line.hangs = false;
});

/** A way to a port, on which nothing of what is sent arrives while it hangs. */
async function openLine(port: number): Promise<typeof line> {
  const open = new Set<Socket>();
  const listening = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.on('data', (chunk) => {
        if (!way.hangs) to.write(chunk);
      });
    }
  });
  await new Promise<void>((done) => {
    listening.listen(0, '127.0.0.1', done);
  });
  const { port: near } = listening.address() as AddressInfo;
  const way = {
    origin: `http://127.0.0.1:${near}`,
    hangs: false,
    close() {
      listening.close();
      for (const socket of open) socket.destroy();
    },
  };
  return way;
}

test.each([
  ['as a page', false],
  ['in lines', true],
])(
  '^C breaks off a request that hangs, %s, and the terminal goes on',
  async (_, linear) => {
    await using walker = new Walker(home, ['terminal', '--server', line.origin], { linear });
    const { terminal } = walker;
    await walker.answer('Number or e-mail address', adminEmail);
    await walker.answer('Password', adminPassword);
    await walker.choose('Groups');
    await walker.choose('New group');
    await walker.asked('Name of the group');
    line.hangs = true;
    await walker.answer('Name of the group', 'Astronomy');
    await walker.quiet();
    // letters typed meanwhile are no answer either
    terminal.type(`zz${keys.stop}`);
    await terminal.sees('The server does not answer.');
    await walker.quiet();
    line.hangs = false;
    // the menu of groups may have hung as well
    terminal.type(keys.stop);
    await walker.ready();
    expect(await walker.quiet()).not.toContain('zz');
    const { value } = await school.admin.get<{ name: string }[]>('/api/groups');
    expect(value.map(({ name }) => name)).not.toContain('Astronomy');
    expect(terminal.raw).not.toMatch(/\n\s+at /);
  },
  3 * minutes,
);

test(
  'in lines Escape is a step back, what was half typed is gone, and a dash empties a field',
  async () => {
    const { value } = await school.admin.post<{ person: string }>('/api/people', {
      number: '007',
      name: 'Ada Lovelace',
      email: 'ada@lovelace.example',
    });
    await using walker = new Walker(home, ['terminal', '--server', line.origin], { linear: true });
    const { terminal } = walker;
    await walker.answer('Number or e-mail address', adminEmail);
    await walker.answer('Password', adminPassword);
    await walker.choose('People');
    for (const key of [keys.escape, keys.stop]) {
      await walker.choose('Search');
      await walker.asked('Beginnings of words');
      terminal.type('half');
      await terminal.sees('half');
      terminal.type(key);
    }
    await walker.choose('Everybody');
    await walker.choose('007');
    await walker.choose('Change');
    await walker.answer('Number [007, - for none]', '');
    await walker.answer('Name [Ada Lovelace]', 'Ada King');
    await walker.answer('E-mail [ada@lovelace.example, - for none]', '-');
    for (const field of ['Contact', 'Address', 'Birth date', 'Department', 'Job'])
      await walker.answer(field, '');
    await terminal.sees('The changes are kept.');
    const person = await school.admin.get(`/api/people/${value.person}`);
    expect(person.value).toMatchObject({ number: '007', name: 'Ada King', email: null });
  },
  3 * minutes,
);
