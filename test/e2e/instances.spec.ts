import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { launchBrowser } from '../browser.ts';
import { serverNames } from '../engines.ts';
import { startInstances } from '../instances.ts';
import { adminEmail, adminPassword, openSchool } from '../school.ts';

const [engine] = serverNames;
if (engine === undefined) throw new Error('This run has no database server.');

test('the settings page lists the servers on one database', async () => {
  await using parts = new AsyncDisposableStack();
  const { first } = parts.use(await startInstances(engine));
  await openSchool(first);
  const browser = await launchBrowser();
  parts.defer(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`${first.origin}/app/settings`);
  await page.getByLabel(/e-mail/i).fill(adminEmail);
  await page
    .getByLabel(/password/i)
    .first()
    .fill(adminPassword);
  await page.getByRole('button', { name: /sign in/i }).click();
  const list = page
    .locator('dt', { hasText: 'Servers on this database' })
    .locator('xpath=../dd//li');
  await expect.poll(() => list.count()).toBe(2);
  const lines = await list.allTextContents();
  for (const line of lines) {
    expect(line).toMatch(/^\S+ version 0\.0\.0-test · since .+ · last seen .+/);
    expect(line).toContain(hostname());
  }
  expect(lines.filter((line) => line.endsWith('this one'))).toHaveLength(1);
});
