import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realClock, startTestServer, type TestServer } from '../app.ts';
import { launchBrowser } from '../browser.ts';
import { openSchool, type School } from '../school.ts';
import { listComplaints } from './axe.ts';
import { openAs } from './window.ts';

let browser: Browser;
let server: TestServer<typeof realClock>;
let school: School;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startTestServer({ clock: realClock });
  school = await openSchool(server);
  const group = await school.addGroup('Physics 10B');
  await school.enrol(group, [
    ['S001', 'Björn Åkesson'],
    ['S002', 'Zoë Quinn'],
  ]);
  page = await (await openAs(browser, school.admin)).newPage();
});
afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

const rows = (name: RegExp) => page.getByRole('rowheader', { name });

test('an administrator sees who did what, filters, and finds the filters in the address', async () => {
  await page.goto(`${server.origin}/app/`);
  await page.getByRole('link', { name: 'Audit' }).click();
  await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor();
  await rows(/^Person added/)
    .first()
    .waitFor();
  await page.reload();
  await rows(/^Audit looked at/).waitFor();
  await page.getByLabel('Kind').selectOption('person');
  await expect.poll(() => rows(/^Audit looked at/).count()).toBe(0);
  await page.getByRole('button', { name: 'Zoë Quinn' }).click();
  await expect.poll(() => page.getByRole('rowheader').count()).toBe(1);
  expect(page.url()).toMatch(/kind=person&subject=/);
  await page.getByText('Details').click();
  await page.getByText('S002').waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Show others too: About Zoë Quinn' }).click();
  await expect.poll(() => page.getByRole('rowheader').count()).toBeGreaterThan(1);
});

test('days in which nothing happened show none, and the way back', async () => {
  await page.goto(`${server.origin}/app/audit`);
  await rows(/^Person added/)
    .first()
    .waitFor();
  await page.getByLabel(/^Until/).fill('2020-01-31');
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  await page.getByRole('button', { name: 'Take all filters away' }).click();
  await rows(/^Person added/)
    .first()
    .waitFor();
});

test('everything in order of time, from which device, before and after, and as a file', async () => {
  const change = { name: 'North School', zone: 'Europe/Berlin', language: 'en', words: 'school' };
  await school.admin.post('/api/organisation', { ...change, dayFiles: true });
  await page.goto(`${server.origin}/app/audit`);
  await page.getByLabel('Where').selectOption('all');
  await rows(/^Enrolled/)
    .first()
    .waitFor();
  await page.getByLabel('Kind').selectOption('organisation');
  await expect.poll(() => rows(/^Enrolled/).count()).toBe(0);
  await rows(/^Settings changed/).waitFor();
  expect(await listComplaints(page)).toEqual([]);
  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download as CSV' }).click();
  expect((await downloading).suggestedFilename()).toMatch(/^audit-.*\.csv$/);
});

test('anchors: when, to whom, made, printed', async () => {
  await page.goto(`${server.origin}/app/audit`);
  await page.getByRole('link', { name: 'Anchors' }).click();
  await page.getByRole('heading', { name: 'No anchor yet' }).waitFor();
  await page.getByLabel(/^Mail the fingerprint to/).fill('safe@example.org, nobody');
  await page.getByRole('button', { name: 'Save' }).click();
  // said at the field itself, which has the focus again
  await page.locator('input[aria-invalid]:focus').waitFor();
  await page.getByText('This is not an e-mail address.').waitFor();
  await page.getByLabel(/^Mail the fingerprint to/).fill('safe@example.org');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Make one now' }).click();
  await page.getByRole('button', { name: /^Print the anchor of/ }).waitFor();
  expect(await listComplaints(page)).toEqual([]);
  await page.getByRole('button', { name: /^Print the anchor of/ }).click();
  await page.getByRole('heading', { level: 1, name: /^Anchor of/ }).waitFor();
  expect(await listComplaints(page)).toEqual([]);
  await page.getByRole('button', { name: 'All anchors' }).click();
  await page.getByRole('heading', { level: 1, name: 'Anchors' }).waitFor();
});
