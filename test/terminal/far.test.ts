import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { issueCertificate } from '../../src/server/certificate.ts';
import { openThrowawayAuthority, wish } from '../../src/server/throwaway-authority.ts';
import { realClock, startTestServer, type TestServer } from '../app.ts';
import { command } from '../command.ts';
import { adminEmail, adminPassword, openSchool } from '../school.ts';
import { keys, PseudoTerminal } from './pseudo-terminal.ts';

vi.setConfig({ testTimeout: 3 * 60_000 });

let home: string;
let server: TestServer<typeof realClock>;
let origin: string;
let fingerprint: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'muster-far-'));
  const made = await issue();
  fingerprint = made.fingerprint;
  server = await startTestServer({ clock: realClock, tls: made.tls });
  origin = `https://127.0.0.1:${server.server.httpsPort}`;
  await openSchool(server);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

async function issue() {
  await using folder = await openThrowawayAuthority();
  const authority = await folder.make();
  const tls = await issueCertificate(wish(authority, ['127.0.0.1']));
  return { tls, fingerprint: authority.fingerprint };
}

const visit = (...more: string[]) =>
  new PseudoTerminal(home, ['terminal', '--server', origin, ...more], { env: { NO_COLOR: '1' } });

async function signIn(terminal: PseudoTerminal): Promise<void> {
  terminal.type(adminEmail + keys.enter);
  await terminal.answer('Password', adminPassword);
}

test('at the first visit the fingerprint is compared, and who says no sends nothing', async () => {
  await using terminal = visit();
  await terminal.sees(fingerprint.slice(0, 48));
  await terminal.sees('Is it the same?');
  terminal.type(keys.enter);
  expect(await terminal.ended).toBe(2);
  expect(terminal.all).toContain('nothing was sent');
});

test('whoever says yes signs in, two at a time, and is not asked again; there is no colour', async () => {
  await using terminal = visit();
  await terminal.sees('Is it the same?');
  terminal.type('y');
  await terminal.answer('Number or e-mail', 'nobody@example.org');
  await terminal.answer('Password', 'a-wrong-password');
  await terminal.sees('wrong');
  // what was typed stands there still
  await terminal.sees('nobody@example.org');
  terminal.type(keys.clear);
  await signIn(terminal);
  await terminal.sees('Linden School: Ada Admin');
  await using second = visit();
  await second.sees('Number or e-mail');
  await signIn(second);
  await second.sees('Linden School: Ada Admin');
  for (const each of [terminal, second]) {
    await each.sees('Enter: confirm');
    each.type(keys.stop);
    expect(await each.ended).toBe(0);
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is looked for
  expect(terminal.raw).not.toMatch(/\x1b\[(?:3[0-7]|9[0-7])m/);
  expect(terminal.raw).not.toContain(adminPassword);
  const kept = await readFile(join(home, '.config/muster/known-servers.json'), 'utf8');
  expect(kept).toContain(fingerprint);
});

test('input that is empty, too long or no UTF-8, and ^C at any question, end in words', async () => {
  await using terminal = visit('--linear');
  await terminal.answer('Number or e-mail', '');
  await terminal.sees('Something has to be typed');
  await terminal.answer('Number or e-mail', 'x'.repeat(1_200));
  await terminal.sees('too long');
  terminal.write(Buffer.from([0xff, 0xfe, 0x41, 0x0d]));
  await terminal.sees('UTF-8');
  await terminal.sees('Number or e-mail');
  await signIn(terminal);
  await terminal.answer('Number, or b', '99');
  await terminal.sees('Type a number from');
  await terminal.answer('Number, or b', '1');
  await terminal.sees('New group');
  await terminal.answer('Number, or b', '1');
  await terminal.sees('Name of the group');
  terminal.type(keys.stop);
  await terminal.sees('New group');
  terminal.kill('SIGKILL');
  await terminal.ended;
  expect(terminal.raw).not.toMatch(/\n\s+at /);
});

test('a command for scripts sends nothing before the certificate is vouched for', async () => {
  const file = join(home, 'password');
  await writeFile(file, adminPassword);
  const list = (...flags: string[]) =>
    command([
      ...['people', 'list', '--json', '--server', origin],
      ...['--as', adminEmail, '--password-file', file, ...flags],
    ]);
  const named = await list('--pin', fingerprint.replaceAll(':', '').toLowerCase());
  expect(named).toMatchObject({ code: 0, err: '' });
  for (const flags of [[], ['--pin', fingerprint.replace(/^../, 'XX')]]) {
    const { code, out, err } = await list(...flags);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(JSON.parse(err)).toMatchObject({
      error: { code: 'not-trusted', message: expect.stringContaining('Nothing was sent.') },
    });
  }
});

test('a server that shows another certificate gets nothing', async () => {
  const { tls } = await issue();
  server.server.listeners.https?.renew(tls);
  await using terminal = visit();
  expect(await terminal.ended).toBe(2);
  expect(terminal.all.replace(/\s+/g, ' ')).toContain('shows another certificate');
  expect(terminal.all).not.toContain('Password');
});
