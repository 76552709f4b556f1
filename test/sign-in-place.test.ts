import { expect, test } from 'vitest';
import { eventTypes } from './account-rows.ts';
import { startTestServer } from './app.ts';
import { setUpAdmin } from './jar.ts';

const browsers = ['Edge/', 'OPR/', 'Firefox/', 'Chrome/', 'Safari/', 'muster-terminal', ''];
const systems = ['iPhone', 'iPad', 'Android', 'Windows', 'CrOS', 'Mac OS X', 'Linux', ''];
const devices = browsers.flatMap((browser) => systems.map((system) => `${browser} ${system}`));

test('a sign-in that comes from ever new places fills no ledger, and is believed again later', async () => {
  await using server = await startTestServer();
  const jar = await setUpAdmin(server);
  const look = async (device: string) =>
    (await jar.get('/api/me', { 'user-agent': device })).status;
  const moves = async () =>
    (await eventTypes(server)).filter((type) => type === 'sign-in.moved').length;
  let last = 'Firefox/140.0 (Windows)';
  const refused: string[] = [];
  for (const device of [...devices, ...devices, ...devices]) {
    if ((await look(device)) === 200) last = device;
    else refused.push(device);
  }
  expect(await moves()).toBe(100);
  expect(refused.length).toBeGreaterThan(0);
  // where it was before, it is known
  expect(await look(last)).toBe(200);
  server.clock.advance(3_600_000);
  expect(await look(refused[0] as string)).toBe(200);
  expect(await moves()).toBe(101);
});

test('a sign-in that ends while it is looked up lets nobody in from a new place', async () => {
  await using server = await startTestServer();
  const jar = await setUpAdmin(server);
  const { engine } = server.app.store;
  const { write } = engine;
  const ending: typeof write = async (work) => {
    Object.assign(engine, { write });
    await write.call(engine, (tx) => tx.deleteFrom('sign_in').execute());
    return write.call(engine, work) as never;
  };
  Object.assign(engine, { write: ending });
  const { status } = await jar.get('/api/me', { 'user-agent': 'Safari/604.1 (iPhone)' });
  expect(status).toBe(401);
  expect(await eventTypes(server)).not.toContain('sign-in.moved');
});
