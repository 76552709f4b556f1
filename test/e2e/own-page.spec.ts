import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realClock, startTestServer, type TestServer } from '../app.ts';
import { launchBrowser } from '../browser.ts';
import { openSchool, type School } from '../school.ts';
import type { Visitor } from '../visitor.ts';
import { listComplaints } from './axe.ts';
import { openAs } from './window.ts';

let browser: Browser;
let server: TestServer<typeof realClock>;
let school: School;
let nora: Visitor;

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startTestServer({ clock: realClock });
  school = await openSchool(server);
  const group = await school.addGroup('Physics 10B');
  await school.admin.post('/api/people/fields', {
    fields: [{ id: 'house', name: 'House', type: 'text' }],
  });
  nora = await school.inviteHost([], 'Nora Newcomer', 'nora@example.org', 'attendee');
  const { value: me } = await nora.get<{ id: string }>('/api/me');
  await school.admin.post(`/api/people/${me.id}`, { number: 'S042', own: { house: 'North' } });
  await school.enrol(group, [
    ['S042', 'Nora Newcomer'],
    ['S043', 'Otto Other'],
  ]);
  const attended = await school.openSession({ group, title: 'Waves' });
  await school.phone().checkIn(await school.token(attended), 'S042');
  await school.admin.post(`/api/sessions/${attended}/close`);
  const missed = await school.openSession({ group, title: 'Heat' });
  await school.phone().checkIn(await school.token(missed), 'S043');
  await school.admin.post(`/api/sessions/${missed}/close`);
});
afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

async function pageOf(visitor: Visitor): Promise<Page> {
  const context = await openAs(browser, visitor, { viewport: { width: 390, height: 844 } });
  return context.newPage();
}

test('an attendee starts on their own attendance, sees nobody else and none of the tools of hosts', async () => {
  const page = await pageOf(nora);
  await page.goto(`${server.origin}/app/`);
  await page.getByRole('heading', { level: 1, name: 'Your attendance' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/app/me');
  await page.getByText('1 of 2 sessions, 50%').waitFor();
  const lines = page.getByRole('table', { name: 'Attendance' }).getByRole('row');
  expect(await lines.filter({ hasText: 'Waves' }).textContent()).toContain('Present');
  expect(await lines.filter({ hasText: 'Heat' }).textContent()).toContain('Absent');
  await page.getByText('S042').waitFor();
  await page.getByText('North').waitFor();
  expect(await listComplaints(page)).toEqual([]);
  expect(await page.getByText('Otto Other').count()).toBe(0);
  expect(await page.getByRole('link', { name: 'Sessions' }).count()).toBe(0);
  expect(await page.getByRole('link', { name: 'Waves' }).count()).toBe(0);
});

test('whoever runs sessions finds their own attendance in the menu of the account', async () => {
  const page = await pageOf(school.admin);
  await page.goto(`${server.origin}/app/`);
  await page.getByRole('button', { name: 'Ada Admin' }).click();
  await page.getByRole('link', { name: 'Your attendance' }).click();
  await page.getByText('No session yet').waitFor();
  await page.getByRole('definition').filter({ hasText: 'ada@example.org' }).waitFor();
});

test('without a sign-in there is only the way in', async () => {
  const page = await pageOf(school.phone());
  await page.goto(`${server.origin}/app/me`);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});
