import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { realClock, startTestServer } from './app.ts';
import { launchBrowser } from './browser.ts';
import { openAs } from './e2e/window.ts';
import { furnish } from './screenshot/furnish.ts';
import { type Scene, scenesOf } from './screenshot/scene.ts';

/**
 * Pictures of every page at phone and desktop size, light and dark, from the real server with a school in it. They go
 * to an ignored folder; `--readme` renews the README's own, `--only=NAME` takes those whose names begin so,
 * `--size=desktop` those of one size.
 */
const root = join(import.meta.dirname, '..');
const folder = join(root, 'screenshots');
const readme = process.argv.includes('--readme');
const flag = (name: string) =>
  process.argv.find((argument) => argument.startsWith(name))?.slice(name.length);
const only = flag('--only=');
const onlySize = flag('--size=');

const sizes = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };
const schemes = ['light', 'dark'] as const;
/** Most of the time a page is waited for. */
const atOnce = 3;

const backups = await mkdtemp(join(tmpdir(), 'muster-backups-'));
await using server = await startTestServer({
  clock: realClock,
  config: { backupFolder: { path: backups, make: false } },
});
await using fresh = await startTestServer({ clock: realClock });
const house = await furnish(server);
const { school, quick, session } = house;

const browser = await launchBrowser();
try {
  if (readme) await shootReadme(browser);
  else await shootAll(browser);
} finally {
  await browser.close();
  await rm(backups, { recursive: true, force: true });
}

async function shootAll(by: Browser): Promise<void> {
  if (only === undefined && onlySize === undefined)
    await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const scenes = scenesOf(house, fresh.app.setUpLink.token ?? '');
  const chosen = Object.entries(scenes).filter(([name]) => name.startsWith(only ?? ''));
  for (const [size, viewport] of Object.entries(sizes)) {
    if (onlySize !== undefined && size !== onlySize) continue;
    const isMobile = size === 'phone';
    const options = { viewport, isMobile, hasTouch: isMobile };
    const waiting = chosen[Symbol.iterator]();
    const shootNext = async () => {
      for (const [name, scene] of waiting) {
        const context = scene.as
          ? await openAs(by, house.visitors[scene.as], options)
          : await by.newContext(options);
        await shoot(context, name, scene, size);
        await context.close();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, shootNext));
    const stranger = await by.newContext(options);
    if ('phone-form'.startsWith(only ?? '')) {
      await shootCheckIn(stranger, size).catch((error) => fail('phone-form', size, error));
    }
    await stranger.close();
  }
}

async function shoot(
  context: BrowserContext,
  name: string,
  { path, act, print }: Scene,
  size: string,
): Promise<void> {
  const page = await context.newPage();
  const { origin } = path.startsWith('/app/setup') ? fresh : server;
  await page.goto(origin + path);
  await page.waitForLoadState('networkidle').catch(() => {});
  await page.waitForTimeout(400);
  await act?.(page).catch((error) => fail(name, size, error));
  if (print) await page.emulateMedia({ media: 'print' });
  await page.waitForTimeout(300);
  await tellOverflow(page, name, size);
  // a dialog lies over the window, not over the whole page
  await save(page, name, size, (await page.getByRole('dialog').count()) === 0);
  await page.close();
}

/** What could not be done for a picture is told, and the others are taken. */
function fail(name: string, size: string, problem: unknown): void {
  process.exitCode = 1;
  console.error(`${name}-${size}: ${String(problem)}`);
}

/** A page that is wider than its window makes people push it to and fro. */
async function tellOverflow(page: Page, name: string, size: string): Promise<void> {
  const wider = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  if (wider > 0) fail(name, size, `${wider} pixels wider than the window`);
}

async function shootCheckIn(context: BrowserContext, size: string): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${server.origin}/${await school.token(quick)}`);
  await save(page, 'phone-form', size);
  await page.getByLabel(/number/i).fill(`G-${size}`);
  await page.getByLabel(/name/i).fill('Robin Guest');
  await page.getByRole('button', { name: /i am here/i }).click();
  await page
    .getByText(/present|late/i)
    .first()
    .waitFor();
  await save(page, 'phone-answer', size);
  await page.close();
}

/** Light and dark, of the page as it stands. */
async function save(page: Page, name: string, size: string, fullPage = false): Promise<void> {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme });
    // colours change over to the other scheme
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`), fullPage });
  }
}

async function shootReadme(by: Browser): Promise<void> {
  const context = await openAs(by, house.visitors.admin, {
    viewport: { width: 1440, height: 900 },
  });
  const page = await context.newPage();
  await page.goto(`${server.origin}/app/sessions/${session}`);
  await page.locator('svg').first().waitFor();
  await page.waitForTimeout(1_000);
  await page.screenshot({ path: join(root, 'docs/board.png') });
}
