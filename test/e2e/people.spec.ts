import { readFile } from 'node:fs/promises';
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
let group: string;

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startTestServer({ clock: realClock });
  school = await openSchool(server);
  group = await school.addGroup('Physics 10B');
  await school.enrol(group, [
    ['S001', 'Björn Åkesson'],
    ['S002', 'Bjorn Akesson'],
    ['S003', 'Zoë Quinn'],
  ]);
  page = await (await openAs(browser, school.admin)).newPage();
});
afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

const row = (name: string | RegExp) => page.getByRole('rowheader', { name });

test('an administrator finds people by the beginning of a name, and the search stays in the address', async () => {
  await page.goto(`${server.origin}/app/people`);
  await row('Zoë Quinn').waitFor();
  await page.getByRole('searchbox').fill('ake');
  await expect.poll(() => page.getByRole('rowheader').count()).toBe(2);
  expect(page.url()).toContain('q=ake');
  await page.getByRole('link', { name: 'Björn Åkesson' }).click();
  await page.getByRole('heading', { level: 1, name: 'Björn Åkesson' }).waitFor();
  await page.goBack();
  await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe('ake');
});

test('somebody is added, changed, deactivated, and the last step undone', async () => {
  await page.goto(`${server.origin}/app/people`);
  await page.getByRole('button', { name: 'Add a person' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('Noor Newcomer');
  await dialog.getByLabel(/^Number/).fill('S003');
  await dialog.getByRole('button', { name: 'Add a person' }).click();
  // the number is somebody's: said at the field, and nothing typed is lost
  await dialog.locator('[aria-invalid]').waitFor();
  await dialog.getByLabel(/^Number/).fill('S009');
  await dialog.getByLabel(/^Department/).fill('Library');
  await dialog.getByRole('button', { name: 'Add a person' }).click();
  await page.getByRole('heading', { level: 1, name: 'Noor Newcomer' }).waitFor();
  await page.getByText('Library').first().waitFor();

  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('dialog').getByLabel(/^Job/).fill('Librarian');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByText('Librarian').first().waitFor();
  await page.getByText('Job: – → Librarian').waitFor();

  await page.getByRole('button', { name: 'Deactivate' }).click();
  await page.getByText(/cannot check in or sign in/i).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Deactivate' }).waitFor();
});

test('two entries of one human become one; whose value stands is chosen where they differ', async () => {
  const dialog = page.getByRole('dialog');
  await page.goto(`${server.origin}/app/people?q=S002`);
  await page.getByRole('link', { name: 'Bjorn Akesson' }).click();
  await page.getByRole('button', { name: 'Edit' }).click();
  await dialog.getByLabel(/^E-mail/).fill('bjorn@example.org');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('bjorn@example.org').first().waitFor();
  await page.getByRole('button', { name: /merge into/i }).click();
  await dialog.getByLabel('Who stays?').fill('S001');
  await dialog.getByRole('button', { name: 'Choose Björn Åkesson' }).click();
  await dialog.getByText('Bjorn Akesson (S002) goes; Björn Åkesson (S001) stays.').waitFor();
  const choice = (name: string) => dialog.getByRole('group', { name }).getByRole('radio');
  // only what differs is to be chosen, and who stays goes before
  expect(await dialog.getByRole('radio').count()).toBe(4);
  expect(await choice('Name').first().isChecked()).toBe(true);
  await dialog.getByText('from who goes').first().waitFor();
  await dialog.getByText('The number S002 is never given to anybody again.').waitFor();
  await choice('Number').last().check();
  await dialog.getByText('The number S001 is never given to anybody again.').waitFor();
  expect(await listComplaints(page)).toEqual([]);
  await dialog.getByRole('button', { name: /merge, for good/i }).click();
  await page.getByRole('heading', { level: 1, name: 'Björn Åkesson' }).waitFor();
  // the number was taken, the e-mail address filled in, the name kept
  for (const kept of ['S002', 'bjorn@example.org']) await page.getByText(kept).first().waitFor();
});

test('a legal hold stops an erasure and says so, stands in the list, and is lifted with a reason', async () => {
  await page.goto(`${server.origin}/app/people?q=zo`);
  await page.getByRole('link', { name: 'Zoë Quinn' }).click();
  await page.getByRole('button', { name: 'Place a hold' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('a case at court');
  await dialog.getByRole('button', { name: 'Place a hold' }).click();
  await page.getByText(/^Held since .* by Ada Admin: a case at court$/).waitFor();
  await page.getByText(/can be neither erased nor merged away/).waitFor();
  expect(await page.getByRole('button', { name: 'Erase for good' }).count()).toBe(0);
  expect(await listComplaints(page)).toEqual([]);

  await page.goto(`${server.origin}/app/settings/holds`);
  await row(/Zoë Quinn/).waitFor();
  expect(await listComplaints(page)).toEqual([]);
  await page.getByRole('link', { name: 'Zoë Quinn' }).click();
  await page.getByRole('button', { name: 'Lift the hold' }).click();
  await dialog.getByText(/a case at court/).waitFor();
  await dialog.getByLabel('Reason').fill('it was settled');
  await dialog.getByRole('button', { name: 'Lift the hold' }).click();
  await page.getByText(/No hold on this person/).waitFor();
  await page.getByRole('button', { name: 'Erase for good' }).waitFor();
});

test('everything about a person comes out as a page and as JSON', async () => {
  await page.goto(`${server.origin}/app/people?q=zo`);
  await page.getByRole('link', { name: 'Zoë Quinn' }).click();
  const files: string[] = [];
  for (const name of ['Download to read or print', 'Download as JSON']) {
    const waiting = page.waitForEvent('download');
    await page.getByRole('link', { name }).click();
    const saved = await waiting;
    files.push(`${saved.suggestedFilename()}: ${await readFile(await saved.path(), 'utf8')}`);
  }
  expect(files[0]).toMatch(/^person-data.html: <!doctype html>.*Zoë Quinn/s);
  expect(files[1]).toMatch(/^person-data.json: {.*Zoë Quinn/s);
});

test('an erasure takes the typed name, and leaves a certificate that can be printed again', async () => {
  await page.goto(`${server.origin}/app/people?q=zo`);
  await page.getByRole('link', { name: 'Zoë Quinn' }).click();
  await page.getByRole('button', { name: 'Erase for good' }).click();
  const dialog = page.getByRole('dialog');
  const erase = dialog.getByRole('button', { name: 'Erase for good' });
  expect(await erase.isDisabled()).toBe(true);
  await dialog.getByLabel(/type the name/i).fill('Zoë Quinn');
  await erase.click();
  await page.getByRole('heading', { name: 'Certificate of erasure 2' }).waitFor();
  await page.getByText(/on the order of Ada Admin/).waitFor();
  expect(await listComplaints(page)).toEqual([]);
  await page.goto(`${server.origin}/app/settings/erasures`);
  await row('Certificate 2').waitFor();
  expect(await listComplaints(page)).toEqual([]);
  await page.getByRole('link', { name: 'Certificate 2' }).click();
  await page.getByText(/Stream people, event \d+, hash [0-9a-f]{64}/).waitFor();
  await page.goto(`${server.origin}/app/people?q=zo&state=all`);
  await page.getByText('Nobody matches').waitFor();
});

const tally = (text: string | RegExp) => page.getByRole('listitem').filter({ hasText: text });

test('a pasted list is looked at, its columns changed, wrong rows named, and the rest brought in', async () => {
  await page.goto(`${server.origin}/app/people`);
  await page.getByRole('link', { name: 'Import a list' }).click();
  await page
    .getByLabel('Or paste here')
    .fill(
      [
        'Number\tName\tE-mail\tWhere',
        'S101\tIda Import\tida@example.org\tLibrary',
        'S102\tIvo Import\t\tKitchen',
        'S101\tIda Again\t\t',
        'S103\tOle Odd\tno address\t',
      ].join('\n'),
    );
  await page.getByRole('button', { name: 'Look at it' }).click();
  await tally('2 new people').waitFor();
  await tally('2 wrong rows').waitFor();
  await page.getByText('This number or address stands in row 2 already.').waitFor();
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('1');
  expect(await listComplaints(page)).toEqual([]);
  // the guess did not know this heading
  expect(await page.getByLabel('Department').inputValue()).toBe('');
  await page.getByLabel('Department').selectOption({ label: 'Where' });
  await page.getByRole('button', { name: 'Import 2 rows' }).click();
  await tally('2 people are new.').waitFor();
  await tally('2 rows were left out.').waitFor();
  await page.getByRole('link', { name: 'All people' }).last().click();
  await page.getByRole('searchbox').fill('kitchen');
  await row('Ivo Import').waitFor();
});

test('the same people in a file: what changes is shown, and nothing else is brought in', async () => {
  await page.goto(`${server.origin}/app/people/import`);
  const file = {
    name: 'people.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('number;name;department\nS101;Ida Import;Archive\nS102;Ivo Import;\n'),
  };
  await page.getByLabel('Choose a file').setInputFiles(file);
  await tally('1 change').waitFor();
  await tally('1 as before').waitFor();
  await page.getByText('Department: Library → Archive').waitFor();
  await page.getByRole('button', { name: 'Import 1 row' }).click();
  await tally('1 entry changed.').waitFor();
  await page.getByRole('button', { name: 'Import another list' }).click();
  await page.getByLabel('Choose a file').setInputFiles(file);
  await page.getByText('everything in the list stands already').waitFor();
});

test('a list comes into a group the same way, enrolled from a day that is chosen', async () => {
  await page.goto(`${server.origin}/app/groups/${group}/import`);
  await page.getByLabel('Or paste here').fill('number,name\nS101,Ida Import\nS104,Gil Group');
  await page.getByRole('button', { name: 'Look at it' }).click();
  await tally('1 new person').waitFor();
  await tally('1 joins').waitFor();
  await page.getByLabel('Enrolled from').fill('2026-03-01');
  await page.getByRole('button', { name: 'Import 2 rows' }).click();
  await tally('1 known person joined.').waitFor();
  await page.getByRole('link', { name: 'Go to Physics 10B' }).click();
  await row('Gil Group').waitFor();
  const { value } = await school.admin.get<{ roster: { name: string; from: string }[] }>(
    `/api/groups/${group}`,
  );
  const joined = value.roster.find(({ name }) => name === 'Gil Group');
  expect(joined?.from).toBe('2026-03-01');
});

test('a long list shows how far it is, and goes on when the page is left', async () => {
  await page.goto(`${server.origin}/app/people/import`);
  const lines = Array.from({ length: 12_000 }, (_, index) => `L${index},Long ${index} List`);
  await page.getByLabel('Choose a file').setInputFiles({
    name: 'long.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(['number,name', ...lines].join('\n')),
  });
  await page.getByRole('button', { name: 'Import 12,000 rows' }).click();
  // looks at every frame: on a fast machine it stands there only shortly
  await page.evaluate(`new Promise((found) => {
    const look = () => document.body.textContent.includes('of 12,000 rows are in')
      ? found(true)
      : requestAnimationFrame(look);
    look();
  })`);
  await page.goto(`${server.origin}/app/people`);
  await expect
    .poll(async () => {
      const { value } = await school.admin.get<{ progress: { state: string } }>(
        '/api/people/import',
      );
      return value.progress.state;
    })
    .toBe('done');
  await page.goto(`${server.origin}/app/people?q=long`);
  await page.getByText('12,000 people').waitFor();
});
