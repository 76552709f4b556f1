// Passkeys, the authenticator and an assigned password in a real browser, with Chromium's virtual authenticator.
import { Secret, TOTP } from 'otpauth';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realClock, startTestServer, type TestServer } from '../app.ts';
import { launchBrowser } from '../browser.ts';
import { adminEmail, adminPassword, openSchool, type School } from '../school.ts';
import { listComplaints } from './axe.ts';

let browser: Browser;
let server: TestServer<typeof realClock>;
let school: School;
let desk: BrowserContext;
let page: Page;
let secret = '';

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startTestServer({ clock: realClock });
  school = await openSchool(server);
  desk = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  page = await desk.newPage();
  const devtools = await desk.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    },
  });
});
afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

async function typePassword(login: string, password: string): Promise<void> {
  await page.getByLabel('E-mail address or number').fill(login);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

async function leave(): Promise<void> {
  await desk.clearCookies();
  await page.goto(`${server.origin}/app/sign-in`);
}

const heading = (name: string) => page.getByRole('heading', { name, exact: true });

test('a passkey is added on the account page and signs in without a name', async () => {
  await page.goto(`${server.origin}/app/sign-in?next=/app/account`);
  await typePassword(adminEmail, adminPassword);
  await heading('Your account').waitFor();
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByLabel('Name').fill('Front desk');
  await page.getByLabel('Password', { exact: true }).fill(adminPassword);
  await page.locator('dialog').getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByRole('rowheader', { name: 'Front desk' }).waitFor();
  expect(await listComplaints(page)).toEqual([]);
  await leave();
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByRole('link', { name: 'Settings' }).waitFor();
});

test('an authenticator is set up with its code, and asked for after the password', async () => {
  await page.goto(`${server.origin}/app/account`);
  await page.getByRole('button', { name: 'Set up an authenticator' }).click();
  await page.getByLabel('Password', { exact: true }).fill(adminPassword);
  await page.locator('dialog').getByRole('button', { name: 'Set up an authenticator' }).click();
  await page.getByRole('img', { name: 'Code for the authenticator app' }).waitFor();
  secret = await page.getByLabel('Or type this into the app').inputValue();
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  expect(await listComplaints(page)).toEqual([]);
  await page.getByLabel('Six digits that the app shows now').fill(totp.generate());
  await page.getByRole('button', { name: 'Confirm' }).click();
  await heading('Recovery codes').waitFor();
  const [code = ''] = await page.locator('dialog code').allInnerTexts();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByText('Recovery codes left: 10.').waitFor();
  await leave();
  await typePassword(adminEmail, adminPassword);
  await heading('Second step').waitFor();
  expect(await listComplaints(page)).toEqual([]);
  await page.getByLabel('Code', { exact: true }).fill('AAAAA-AAAAA');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByText('This code is not right').waitFor();
  await page.getByLabel('Code', { exact: true }).fill(code);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('link', { name: 'Settings' }).waitFor();
});

test('an assigned password leads to the account, and on once it is changed', async () => {
  const host = await school.inviteHost();
  const { id } = (await host.get<{ id: string }>('/api/me')).value;
  const { value } = await school.admin.post<{ password: string }>(`/api/people/${id}/password`);
  await leave();
  await typePassword('henri@example.org', value.password);
  await heading('Choose your own password').waitFor();
  await page.goto(`${server.origin}/app/sessions`);
  await heading('Choose your own password').waitFor();
  expect(await listComplaints(page)).toEqual([]);
  await page.getByLabel('The password you were given').fill(value.password);
  await page.getByLabel('New password').fill('a ladder made of rain');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await heading('Your account').waitFor();
  await page.goto(`${server.origin}/app/sessions`);
  await heading('Sessions').waitFor();
});
