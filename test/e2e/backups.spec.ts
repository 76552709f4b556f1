import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realClock, startTestServer, type TestServer } from '../app.ts';
import { launchBrowser } from '../browser.ts';
import { openSchool, type School } from '../school.ts';
import type { Visitor } from '../visitor.ts';
import { listComplaints } from './axe.ts';
import { openAs } from './window.ts';

let home: string;
let folder: string;
let browser: Browser;
let server: TestServer<typeof realClock>;
let school: School;

beforeAll(async () => {
  browser = await launchBrowser();
  home = await mkdtemp(join(tmpdir(), 'muster-backups-'));
  folder = join(home, 'data-backups');
  server = await startTestServer({
    clock: realClock,
    config: { backupFolder: { path: folder, make: true } },
  });
  school = await openSchool(server);
});
afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

async function openPage(as: Visitor, path: string, width = 1280): Promise<Page> {
  const context = await openAs(browser, as, { viewport: { width, height: 800 } });
  const page = await context.newPage();
  await page.goto(as.origin + path);
  return page;
}

test('an administrator makes a backup, finds the file and how to put it back', async () => {
  const page = await openPage(school.admin, '/app/settings');
  await page.getByRole('link', { name: 'Backups and their schedule' }).click();
  await page.getByRole('heading', { level: 1, name: 'Backups' }).waitFor();
  await page.getByRole('heading', { name: 'No file yet' }).waitFor();
  await page.getByText('this is only half a backup').waitFor();
  await page.getByText('none yet').waitFor();
  expect(await listComplaints(page)).toEqual([]);
  await page.getByRole('button', { name: 'Back up now' }).click();
  await page.getByText('The backup is made and checked.').waitFor();
  const [file = ''] = await readdir(folder);
  await page.getByRole('cell', { name: file }).waitFor();
  expect(await page.getByLabel('Command that restores a backup').inputValue()).toBe(
    `muster restore ${join(folder, file)} --data FOLDER`,
  );
  expect(await listComplaints(page)).toEqual([]);
});

test('the schedule is changed, and stays', async () => {
  const page = await openPage(school.admin, '/app/settings/backups', 360);
  await page.getByLabel('Time of the day').fill('13:30');
  await page.getByLabel('Days to keep').fill('3');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved').waitFor();
  await page.reload();
  expect(await page.getByLabel('Time of the day').inputValue()).toBe('13:30');
  expect(await page.getByLabel('Days to keep').inputValue()).toBe('3');
  await page.getByLabel('Make a backup every day').uncheck();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('none: switched off').waitFor();
  expect(await listComplaints(page)).toEqual([]);
});

test('an auditor sees it and changes nothing', async () => {
  const auditor = await school.inviteHost([], 'Aud Itor', 'aud@example.org', 'auditor');
  const page = await openPage(auditor, '/app/settings/backups');
  await page.getByText('No backup is made by itself.').waitFor();
  expect(await page.getByRole('button', { name: 'Back up now' }).count()).toBe(0);
  expect(await page.getByText(folder).count()).toBe(0);
  expect(await listComplaints(page)).toEqual([]);
});

test('a failure says what to do, there and among the settings', async () => {
  await using other = await startTestServer({
    clock: realClock,
    config: { backupFolder: { path: join(home, 'not', 'mounted'), make: false } },
  });
  const { admin } = await openSchool(other);
  const page = await openPage(admin, '/app/settings/backups', 360);
  await page.getByText('The next backup would fail: its folder is not there.').waitFor();
  await page.getByRole('button', { name: 'Back up now' }).click();
  await page.getByText(/^On .* no backup could be made: its folder is not there\.$/).waitFor();
  await page.getByText('Connect or mount its disk').waitFor();
  expect(await listComplaints(page)).toEqual([]);
  await page.getByRole('link', { name: 'Settings' }).last().click();
  await page.getByText('A backup could not be made: its folder is not there.').waitFor();
});
