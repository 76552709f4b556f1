// How long data are kept: chosen, looked at before it is saved, destroyed, and told to everybody.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeClock, startTestServer, type TestServer } from '../app.ts';
import { launchBrowser } from '../browser.ts';
import { openSchool, type School } from '../school.ts';
import { listComplaints } from './axe.ts';
import { openAs } from './window.ts';

let browser: Browser;
let server: TestServer<FakeClock>;
let school: School;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startTestServer();
  school = await openSchool(server);
  const group = await school.addGroup('Physics 10B');
  await school.enrol(group, [['S001', 'Björn Åkesson']]);
  const roll = await school.openSession({ group });
  await school.phone().checkIn(await school.token(roll), 'S001');
  await school.admin.post(`/api/sessions/${roll}/close`);
  server.clock.set('2027-01-15T08:00:00Z');
  await school.signInAgain();
  page = await (await openAs(browser, school.admin)).newPage();
});
afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

test('a stricter rule shows what goes, and is saved when that is confirmed', async () => {
  await page.goto(`${server.origin}/app/settings`);
  await page.getByRole('link', { name: 'Rules and next run' }).click();
  await page.getByRole('heading', { level: 1, name: 'How long data are kept' }).waitFor();
  await page.getByRole('heading', { name: 'Nothing is old enough' }).waitFor();
  await page.getByText('Nothing was destroyed by a rule so far.').waitFor();
  await page.getByLabel('What check-ins came with').selectOption({ label: '30 days' });
  expect(await listComplaints(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Keep less from now on?' });
  await dialog.getByText('What check-ins came with: 1').waitFor();
  const save = dialog.getByRole('button', { name: 'Save these rules' });
  expect(await save.isDisabled()).toBe(true);
  expect(await listComplaints(page)).toEqual([]);
  await dialog.getByLabel('I have read what goes').check();
  await save.click();
  await page.getByRole('rowheader', { name: 'What check-ins came with' }).waitFor();
  await page.getByRole('cell', { name: 'Björn Åkesson' }).waitFor();
  expect(await listComplaints(page)).toEqual([]);
});

test('what is too old is destroyed at once, and the page says so', async () => {
  await page.goto(`${server.origin}/app/settings/retention`);
  await page.getByRole('button', { name: 'Destroy now…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Destroy what is too old?' });
  await dialog.getByLabel('I have read what goes').check();
  await dialog.getByRole('button', { name: 'Destroy', exact: true }).click();
  await page.getByRole('heading', { name: 'Nothing is old enough' }).waitFor();
  await page.getByText(/by Ada Admin$/).waitFor();
  await page.getByText('What check-ins came with: 1').waitFor();
  expect(await listComplaints(page)).toEqual([]);
});

test('everybody may read the rules, without signing in', async () => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const stranger = await context.newPage();
  await stranger.goto(`${server.origin}/privacy`);
  await stranger.getByRole('heading', { level: 1, name: 'How long attendance data' }).waitFor();
  await stranger.getByRole('cell', { name: /^30 days after the check-in/ }).waitFor();
  expect(await context.cookies()).toEqual([]);
  const isWide = await stranger.evaluate<boolean>('document.body.scrollWidth > innerWidth');
  expect(isWide).toBe(false);
  await context.close();
  // the page lets no script in, so it is looked through where that is allowed
  const open = await browser.newContext({ bypassCSP: true });
  const bare = await open.newPage();
  await bare.goto(`${server.origin}/privacy`);
  expect(await listComplaints(bare)).toEqual([]);
  await open.close();
});
