// Every state of the phone page on a small screen, with large text, and before axe.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser } from '../browser.ts';
import {
  accepted,
  formPage,
  organisation,
  PhoneStand,
  type Reply,
  receipt,
  refusal,
} from './phone-stand.ts';

const axe = readFileSync(
  join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'),
  'utf8',
);
const stand = new PhoneStand();
let origin: string;
let browser: Browser;

beforeAll(async () => {
  [origin, browser] = await Promise.all([stand.start(), launchBrowser()]);
});

afterAll(async () => {
  await browser.close();
  stand.stop();
});

beforeEach(() => stand.reset());

function answered(reply: Reply, selector: string): (page: Page) => Promise<void> {
  return async (page) => {
    stand.checkIns = [reply];
    await page.goto(`${origin}/A`);
    await page.fill('#number', 'A-VERY-LONG-NUMBER-0123456789.AB');
    await page.click('.primary');
    await page.waitForSelector(selector);
  };
}

const session = 'An introduction to Grundstücksverkehrsgenehmigungszuständigkeiten, part II';
const states: Record<string, (page: Page) => Promise<void>> = {
  form: async (page) => {
    stand.page = formPage({ session, asksName: true });
    await page.goto(`${origin}/A`);
  },
  wrong: answered(refusal('not-on-roster', 403), '.wrong'),
  unsent: answered('drop', '.unsent'),
  refused: answered(refusal('ticket-used', 409), '.refused'),
  typed: async (page) => {
    await answered(accepted({ session }), '.answer')(page);
    stand.page = { organisation, mode: 'typed' };
    await page.goto(`${origin}/typed`);
  },
  ...Object.fromEntries(
    (['present', 'late', 'absent', 'excused', 'pending', 'none'] as const).map((status) => [
      status,
      answered(accepted({ ...receipt(), status, session, minutesLate: 12 }), '.answer'),
    ]),
  ),
};

async function inState(name: string, look: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({
    reducedMotion: 'reduce',
    viewport: { width: 320, height: 568 },
  });
  try {
    const page = await context.newPage();
    await states[name]?.(page);
    await look(page);
  } finally {
    await context.close();
  }
}

const tooWide = `[...document.querySelectorAll('html, main, main *:not(input)')]
  .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1)
  .map((element) => element.outerHTML.slice(0, 80))`;
const targetHeights = `[...document.querySelectorAll('button, input')]
  .map((element) => element.getBoundingClientRect().height)`;
const complaints = `axe.run().then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ' ' + nodes[0].html))`;

describe.each(Object.keys(states))('%s', (name) => {
  test('fits 320 px, with text of twice the size too, and is easy to hit', async () => {
    await inState(name, async (page) => {
      expect(await page.evaluate(tooWide)).toEqual([]);
      for (const height of (await page.evaluate(targetHeights)) as number[]) {
        expect(height).toBeGreaterThanOrEqual(48);
      }
      await page.evaluate(`document.documentElement.style.fontSize = '200%'`);
      expect(await page.evaluate(tooWide)).toEqual([]);
    });
  });

  test('has nothing that axe complains of, light and dark', async () => {
    await inState(name, async (page) => {
      await page.evaluate(axe);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await page.evaluate(complaints)).toEqual([]);
      }
    });
  });
});
