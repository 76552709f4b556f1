import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import type { Visitor } from '../visitor.ts';

const desktop = { width: 1280, height: 900 };

/** Windows of a browser in which the visitor is signed in. */
export async function openAs(
  browser: Browser,
  { cookies, origin }: Visitor,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: desktop, ...options });
  await context.addCookies([...cookies].map(([name, value]) => ({ name, value, url: origin })));
  return context;
}
