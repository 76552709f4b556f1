import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { until } from '../until.ts';
import { keys } from './pseudo-terminal.ts';
import { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 3 * 60_000 });

let stage: Stage;
let line: Line;

beforeAll(async () => {
  stage = await Stage.open();
  line = await openLine(Number(new URL(stage.origin).port));
});
afterAll(async () => {
  line.close();
  await stage[Symbol.asyncDispose]();
});
beforeEach(() => {
  line.hangs = false;
});

interface Line {
  readonly origin: string;
  /** While it does, nothing of what is sent arrives. */
  hangs: boolean;
  /** How often something was sent meanwhile. */
  readonly swallowed: number;
  readonly close: () => void;
}

/** A way to a port. */
async function openLine(port: number): Promise<Line> {
  const open = new Set<Socket>();
  let swallowed = 0;
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
        if (way.hangs) swallowed += 1;
        else to.write(chunk);
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
    get swallowed() {
      return swallowed;
    },
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
])('^C breaks off a request that hangs, %s, and the terminal goes on', async (_, linear) => {
  const seat = { origin: line.origin };
  await using walker = linear ? stage.openLines(seat) : stage.openPage(seat);
  const { terminal } = walker;
  await walker.signIn();
  await walker.choose('Groups');
  await walker.choose('New group');
  await walker.asked('Name of the group');
  const before = line.swallowed;
  line.hangs = true;
  await walker.answer('Name of the group', 'Astronomy');
  await until(() => line.swallowed > before);
  // letters typed meanwhile are no answer either
  terminal.type(`zz${keys.stop}`);
  await terminal.sees('The server does not answer.');
  // the groups are asked for then
  await until(() => line.swallowed > before + 1);
  line.hangs = false;
  terminal.type(keys.stop);
  await terminal.sees('The server does not answer.');
  expect((await walker.menu()).join()).toContain('Groups');
  expect(await terminal.screen()).not.toContain('zz');
  const { value } = await stage.school.admin.get<{ name: string }[]>('/api/groups');
  expect(value.map(({ name }) => name)).not.toContain('Astronomy');
  expect(terminal.raw).not.toMatch(/\n\s+at /);
});

test('in lines Escape is a step back, what was half typed is gone, and a dash empties a field', async () => {
  const { admin } = stage.school;
  const { value } = await admin.post<{ person: string }>('/api/people', {
    number: '007',
    name: 'Ada Lovelace',
    email: 'ada@lovelace.example',
  });
  await using walker = stage.openLines();
  const { terminal } = walker;
  await walker.signIn();
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
  const person = await admin.get(`/api/people/${value.person}`);
  expect(person.value).toMatchObject({ number: '007', name: 'Ada King', email: null });
});
