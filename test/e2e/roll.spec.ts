import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realClock, startTestServer, type TestServer } from '../app.ts';
import { launchBrowser } from '../browser.ts';
import { adminEmail, adminPassword } from '../school.ts';
import { readQr } from './read-qr.ts';

let browser: Browser;
let server: TestServer<typeof realClock>;
let teacher: BrowserContext;
let board: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startTestServer({ clock: realClock });
  teacher = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  board = await teacher.newPage();
});
afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

/** A phone of its own: new cookies, small screen, touch. */
const newPhone = () =>
  browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

/** Reads the code from a screenshot of the board and opens it as a phone's camera would. */
async function scan(phone: BrowserContext): Promise<Page> {
  const url = await readQr(await board.screenshot());
  const page = await phone.newPage();
  await page.goto(url);
  return page;
}

async function checkIn(page: Page, number: string, name: string): Promise<void> {
  await page.getByLabel(/number/i).fill(number);
  await page.getByLabel(/name/i).fill(name);
  await page.getByRole('button', { name: /i am here/i }).click();
}

test('a teacher sets Muster up with the one-time link', async () => {
  await board.goto(`${server.origin}/app/setup#${server.app.setUpLink.token}`);
  await board
    .getByLabel(/organisation|school|name of/i)
    .first()
    .fill('Linden School');
  await board.getByLabel(/your name/i).fill('Ada Admin');
  await board.getByLabel(/e-mail/i).fill(adminEmail);
  await board
    .getByLabel(/password/i)
    .first()
    .fill(adminPassword);
  await board
    .getByRole('button', { name: /set up|create|start/i })
    .last()
    .click();
  await expect.poll(() => server.app.settings.current.name).toBe('Linden School');
});

test('a scanned code takes a student in, and the board shows the name', async () => {
  await board.goto(`${server.origin}/app/`);
  await board.getByRole('button', { name: /take attendance now/i }).click();
  await board.waitForURL(/\/app\/sessions\/[0-9a-f-]{36}/);
  await board.locator('svg').first().waitFor();
  await expect
    .poll(() =>
      board
        .screenshot()
        .then(readQr)
        .catch(() => ''),
    )
    .toMatch(/^HTTP:\/\/[A-Z0-9.:]+\/[0-9A-Z]{16}$/);

  await using phone = await newPhone();
  const page = await scan(phone);
  await checkIn(page, '0017', 'Amélie 🦊 O’Brien');
  await page
    .getByText(/present/i)
    .first()
    .waitFor();
  await board.getByText('Amélie 🦊 O’Brien').first().waitFor();
});

test('names with HTML stay text on the board', async () => {
  await using phone = await newPhone();
  await checkIn(await scan(phone), '18', '<img src=x onerror="document.title=1">');
  await board.getByText('<img src=x onerror="document.title=1">').first().waitFor();
  expect(await board.title()).not.toBe('1');
});

test('two phones with one number wait for the teacher, who settles it with one touch', async () => {
  await using one = await newPhone();
  await using two = await newPhone();
  const mine = await scan(one);
  await checkIn(mine, '77', 'Real One');
  await mine
    .getByText(/present/i)
    .first()
    .waitFor();
  const theirs = await scan(two);
  await checkIn(theirs, '77', 'Real One');
  await theirs
    .getByText(/see your teacher/i)
    .first()
    .waitFor();
  await mine
    .getByText(/see your teacher/i)
    .first()
    .waitFor();
  const shown = (await mine.locator('body').textContent()) ?? '';
  const marks = board.locator('.claim-mark');
  await marks.first().waitFor();
  const mark = (await marks.allInnerTexts()).find((text) => shown.includes(text)) ?? '';
  await board
    .getByRole('button', { name: new RegExp(mark) })
    .first()
    .click();
  await mine
    .getByText(/present/i)
    .first()
    .waitFor();
});

test('a board without network for a while misses nothing and shows nothing twice', async () => {
  await teacher.setOffline(true);
  const { origin } = server;
  const id = new URL(board.url()).pathname.split('/').at(-1) as never;
  const { presentCode } = await import('../../src/server/live-code.ts');
  const { Visitor } = await import('../visitor.ts');
  for (let index = 0; index < 30; index += 1) {
    const { token } = await presentCode(server.app, id);
    await new Visitor(origin).checkIn(token as string, `N${index}`, `Offline ${index}`);
  }
  await board.getByText(/^Reconnecting/).waitFor();
  await teacher.setOffline(false);
  await board.getByText('Offline 29', { exact: true }).first().waitFor({ timeout: 40_000 });
  // the list draws only what is in sight: each name is looked for
  for (let index = 0; index < 30; index += 1) {
    await board.getByPlaceholder(/search/i).fill(`N${index}`);
    await expect.poll(() => board.getByText(`Offline ${index}`, { exact: true }).count()).toBe(1);
  }
});

test('letters and arrows mark one name after the other, whatever moves in the list', async () => {
  await board.getByPlaceholder(/search/i).fill('Offline 1');
  const rows = board.locator('[data-person]');
  await expect.poll(() => rows.count()).toBe(12);
  const names = async () =>
    (await rows.allTextContents()).map((row) => /Offline \d+/.exec(row)?.[0]);
  const before = await names();
  await board.getByRole('grid').focus();
  for (const key of ['ArrowDown', 'a', 'ArrowDown', 'l', 'ArrowDown', 'e']) {
    await board.keyboard.press(key);
  }
  const marks = async () => (await rows.allTextContents()).map((row) => row[0]).slice(0, 5);
  await expect.poll(marks).toEqual(['P', 'A', 'L', 'E', 'P']);
  expect(await names()).toEqual(before);
  for (let count = 0; count < 3; count += 1) await board.keyboard.press('Control+z');
});

test('the register is printed from the same session', async () => {
  const page = await teacher.newPage();
  await page.goto(`${new URL(board.url()).origin}${new URL(board.url()).pathname}/register`);
  await page.getByText('Amélie 🦊 O’Brien').first().waitFor();
  await page.close();
});
