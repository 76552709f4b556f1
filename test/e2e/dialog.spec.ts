// Every dialog by keyboard: where the focus begins, that it stays inside, and where it goes afterwards.
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realClock, startTestServer, type TestServer } from '../app.ts';
import { launchBrowser } from '../browser.ts';
import { openSchool } from '../school.ts';
import { openAs } from './window.ts';

let browser: Browser;
let server: TestServer<typeof realClock>;
let page: Page;
const paths = { person: '', group: '', board: '' };

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startTestServer({ clock: realClock });
  const school = await openSchool(server);
  const group = await school.addGroup('Physics 10B');
  const added = { number: 'S001', name: 'Björn Åkesson' };
  const { value } = await school.admin.post<{ person: string }>('/api/people', added);
  paths.person = `/app/people/${value.person}`;
  paths.group = `/app/groups/${group}`;
  paths.board = `/app/sessions/${await school.openSession({ group })}`;
  page = await (await openAs(browser, school.admin)).newPage();
});
afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

const hasFocus = (of: Locator) => expect.poll(() => of.evaluate(isActive)).toBe(true);
const isActive = (element: unknown) =>
  (element as { ownerDocument: { activeElement: unknown } }).ownerDocument.activeElement ===
  element;

/** Where the focus is once it left the dialog for anything but the browser itself; null while it stays. */
const strayed = `(() => {
  const { activeElement, body } = document;
  return activeElement === body || activeElement.closest('dialog') ? null : activeElement.outerHTML;
})()`;

const dialogs = [
  ['people', 'Add a person', 'Name'],
  ['person', 'Edit', 'Name'],
  ['person', 'Change roles', 'Administrator'],
  ['person', 'New password', null],
  ['person', 'Take away lost second steps', null],
  ['person', 'Place a hold', 'Reason'],
  ['person', 'Merge into another person', 'Who stays?'],
  ['person', 'Erase for good', /^Type the name/],
  ['hosts', 'Invite somebody', 'Name'],
  ['account', 'Set up an authenticator', 'Password'],
  ['account', 'Add a passkey', /^Name/],
  ['group', 'Settings', 'Name'],
  ['group', 'Add a person', 'Number'],
] as const;
const places = { people: '/app/people', hosts: '/app/people/hosts', account: '/app/account' };

test.each(dialogs)('%s: %s', async (place, name, first) => {
  await page.goto(server.origin + { ...places, ...paths }[place]);
  const opener = page.getByRole('button', { name, exact: true });
  const dialog = page.getByRole('dialog');
  await opener.focus();
  await page.keyboard.press('Enter');
  await dialog.waitFor();
  const start = first === null ? dialog.getByRole('button').first() : dialog.getByLabel(first);
  await hasFocus(start.first());
  for (let step = 0; step < 20; step += 1) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(strayed)).toBeNull();
  }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await hasFocus(opener);

  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'detached' });
  await hasFocus(opener);
});

test.each([
  ['Settings of this session', /^Title/],
  ['Cancel the session', 'Reason'],
] as const)('board, from its menu: %s', async (name, first) => {
  await page.goto(server.origin + paths.board);
  const opener = page.getByRole('button', { name: 'More', exact: true });
  const dialog = page.getByRole('dialog');
  await opener.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name }).focus();
  await page.keyboard.press('Enter');
  await hasFocus(dialog.getByLabel(first));
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await hasFocus(opener);
});

test('the keys of a page, from wherever the focus is', async () => {
  await page.goto(`${server.origin}/app/people`);
  const link = page.getByRole('link', { name: 'Björn Åkesson' });
  const dialog = page.getByRole('dialog');
  await link.focus();
  await page.keyboard.press('?');
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await hasFocus(link);
});
