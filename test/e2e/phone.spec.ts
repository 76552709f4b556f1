// The phone page in a real browser, against a server that drops, delays and refuses on command.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { refusalCodes } from '../../src/core/refusal.ts';
import { launchBrowser } from '../browser.ts';
import { accepted, formPage, opening, organisation, PhoneStand, refusal } from './phone-stand.ts';

const stand = new PhoneStand();
let origin: string;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let errors: string[];

beforeAll(async () => {
  [origin, browser] = await Promise.all([stand.start(), launchBrowser()]);
});

afterAll(async () => {
  await browser.close();
  stand.stop();
});

beforeEach(async () => {
  stand.reset();
  errors = [];
  context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true });
  page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
});

afterEach(async () => {
  await context.close();
  expect(errors).toEqual([]);
});

async function open(path = '/ABCD1234'): Promise<void> {
  await page.goto(origin + path);
}

async function send(number = '0042a', name?: string): Promise<void> {
  await page.getByLabel('Your number').fill(number);
  if (name) await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'I am here' }).click();
}

async function heading(text: string): Promise<void> {
  await page.getByRole('heading', { name: text, level: 1 }).waitFor();
}

function attempts(): string[] {
  return [...new Set(stand.sent.map(({ attempt }) => attempt))];
}

describe('checking in', () => {
  test('fills the screen with the answer, and needs one request for the page and one to send', async () => {
    await open();
    await send();
    await heading('Present');
    expect(await page.locator('.large').textContent()).toBe('09:02');
    for (const text of [opening.session, 'Number 0042A', 'Monday, 23 November 2026', 'K7Q2']) {
      await page.getByText(text).first().waitFor();
    }
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
    expect(await page.getByRole('status').textContent()).toContain('Present, 09:02');
    expect(stand.paths).toEqual(['/ABCD1234', '/api/check-in']);
    expect(stand.sent[0]).toEqual({
      attempt: expect.stringMatching(/^[a-f0-9]{32}$/),
      ticket: opening.ticket,
      number: '0042a',
    });
  });

  test('sends the name where the session asks for it', async () => {
    stand.page = formPage({ asksName: true });
    await open();
    await send('7');
    await page.getByText('Your name is missing').waitFor();
    expect(stand.sent).toEqual([]);
    await send('7', 'Þóra Ångström');
    await heading('Present');
    expect(stand.sent[0]).toMatchObject({ number: '7', name: 'Þóra Ångström' });
  });

  test('tells a repeat since when one is in', async () => {
    stand.checkIns = [accepted({ already: true })];
    await open();
    await send();
    await heading('Already in since');
  });

  test('remembers who uses the phone until somebody else does', async () => {
    await open();
    await send();
    await heading('Present');
    await open('/NEXT');
    expect(await page.getByLabel('Your number').inputValue()).toBe('0042a');
    await page.getByRole('button', { name: 'Not you?' }).click();
    expect(await page.getByLabel('Your number').inputValue()).toBe('');
  });

  test('works where the browser keeps nothing', async () => {
    await page.addInitScript(
      `Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })`,
    );
    stand.checkIns = ['drop', accepted()];
    await open();
    await send();
    await heading('Present');
    expect(attempts()).toHaveLength(1);
    expect(await page.getByText('stays on this phone').count()).toBe(0);
  });
});

describe('without an answer', () => {
  test('goes on with the same attempt until it is answered', async () => {
    stand.checkIns = ['drop', 'drop', { status: 200, body: '<html>captive portal' }, accepted()];
    await open();
    await send();
    await heading('Not sent yet, still trying');
    await page.getByText('Your place is kept').first().waitFor();
    await page.getByRole('heading', { name: 'Present' }).waitFor({ timeout: 30_000 });
    expect(stand.sent).toHaveLength(4);
    expect(attempts()).toHaveLength(1);
  });

  test('gives a silent server eight seconds', async () => {
    stand.checkIns = ['silence', accepted()];
    await page.clock.install();
    await open();
    await send();
    await expect.poll(() => stand.sent.length).toBe(1);
    await page.clock.runFor(8_100);
    await heading('Not sent yet, still trying');
    await page.clock.runFor(1_100);
    await heading('Present');
    expect(attempts()).toHaveLength(1);
  });

  test('waits as long as a busy server asks', async () => {
    stand.checkIns = [{ ...(refusal('busy', 503) as object), retryAfter: 2 } as never, accepted()];
    await open();
    await send();
    await heading('Present');
    const [first = 0, second = 0] = stand.sentAt;
    expect(second - first).toBeGreaterThanOrEqual(2_000);
    expect(attempts()).toHaveLength(1);
  });

  test('takes the attempt up again after a reload, whatever the link opens by then', async () => {
    stand.checkIns = ['drop'];
    await open();
    await send();
    await heading('Not sent yet, still trying');
    stand.page = { organisation, mode: 'refused', code: 'code-expired' };
    stand.checkIns = [accepted()];
    await page.reload();
    await heading('Present');
    expect(attempts()).toHaveLength(1);
  });

  test('asks for another press where the ticket ran out before a reload', async () => {
    stand.checkIns = ['drop'];
    await open();
    await send();
    await heading('Not sent yet, still trying');
    stand.page = formPage({ ticket: 'TICKET.2' });
    stand.checkIns = [refusal('ticket-expired', 410), accepted()];
    await page.reload();
    await page.getByText('Your first try did not get through').waitFor();
    await page.getByRole('button', { name: 'I am here' }).click();
    await heading('Present');
    expect(stand.sent.at(-1)).toMatchObject({ ticket: 'TICKET.2', number: '0042a' });
    expect(attempts()).toHaveLength(2);
  });

  test('makes a new attempt for a changed number, and none for the same one', async () => {
    stand.checkIns = ['drop'];
    await open();
    await send('1');
    for (const number of ['1', '2']) {
      await page.getByRole('button', { name: 'Stop trying' }).click();
      await send(number);
      await heading('Not sent yet, still trying');
    }
    const ids = stand.sent.map(({ number, attempt }) => `${number} ${attempt}`);
    expect(new Set(ids).size).toBe(2);
    expect(attempts()).toHaveLength(2);
  });
});

describe('a receipt', () => {
  test('is there again when the link is opened again, and in the list', async () => {
    await open();
    await send();
    await heading('Present');
    stand.page = { organisation, mode: 'refused', code: 'code-expired' };
    await page.reload();
    await heading('Present');
    await page.getByText('This receipt stays on this phone').waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await heading('This code has changed');

    stand.page = { organisation, mode: 'typed' };
    await open('/typed');
    await page.getByRole('heading', { name: 'Your receipts' }).waitFor();
    await page.getByRole('button', { name: opening.session }).click();
    await heading('Present');
  });

  test('changes by itself when a second phone claims the number, and when the host settles it', async () => {
    stand.looks = [
      accepted(),
      accepted({ status: 'pending' }),
      accepted({ status: 'late', minutesLate: 12, time: '09:12' }),
    ];
    await page.clock.install();
    await open();
    await send();
    await heading('Present');
    await page.clock.runFor(11_500);
    await page.clock.runFor(11_500);
    await heading('See your teacher');
    expect(await page.locator('.large').textContent()).toBe('K7Q2');
    expect(await page.getByRole('status').textContent()).toContain('K 7 Q 2');
    await page.clock.runFor(11_500);
    await heading('Late');
    await page.getByText('12 min late').first().waitFor();
    stand.page = { organisation, mode: 'typed' };
    await open('/typed');
    expect(await page.getByRole('listitem').count()).toBe(1);
  });

  test('is not looked after any more when the server knows nothing of it', async () => {
    await page.clock.install();
    await open();
    await send();
    await heading('Present');
    await page.clock.runFor(11_500);
    await expect.poll(() => stand.paths.length).toBe(3);
    await page.clock.runFor(60_000);
    expect(stand.paths).toHaveLength(3);
  });
});

describe('a refusal', () => {
  test('of any kind says in words what happened and shows no code', async () => {
    for (const code of refusalCodes) {
      stand.page = { organisation, mode: 'refused', code };
      await open();
      const text = (await page.locator('main').textContent()) ?? '';
      expect(text.length, code).toBeGreaterThan(30);
      expect(text, code).not.toMatch(/[{}]|undefined/);
      if (code.includes('-')) expect(text, code).not.toContain(code);
    }
  });

  test.each([
    ['number-malformed', 422, 'Letters, digits and'],
    ['not-on-roster', 403, 'ask your teacher'],
  ] as const)('%s stands at the number and keeps the ticket', async (code, status, text) => {
    stand.checkIns = [refusal(code, status), accepted()];
    await open();
    await send('zz');
    await page.getByText(text).waitFor();
    const number = page.getByLabel('Your number');
    expect(await number.getAttribute('aria-invalid')).toBe('true');
    expect(await page.evaluate('document.activeElement.id')).toBe('number');
    await send('0042');
    await heading('Present');
    expect(stand.sent.map(({ ticket }) => ticket)).toEqual([opening.ticket, opening.ticket]);
    expect(attempts()).toHaveLength(2);
  });

  test('of a number on no list lets it be corrected without a name', async () => {
    stand.checkIns = [refusal('name-missing', 422), accepted()];
    await open();
    await send();
    await page.getByText('Not on the list.').waitFor();
    await page.getByLabel('Your number').fill('0042');
    await page.getByRole('button', { name: 'I am here' }).click();
    await heading('Present');
    expect(stand.sent[1]).toMatchObject({ number: '0042' });
    expect(stand.sent[1]).not.toHaveProperty('name');
  });

  test('for want of a name opens the field for it', async () => {
    stand.checkIns = [refusal('name-missing', 422), accepted()];
    await open();
    await send();
    await page.getByLabel('Your name').fill('Ana');
    await page.getByRole('button', { name: 'I am here' }).click();
    await heading('Present');
    expect(stand.sent[1]).toMatchObject({ number: '0042a', name: 'Ana' });
  });

  test.each([
    ['ticket-used', 409, 'Already used', 'Scan the code on the board again'],
    ['ticket-other-browser', 403, 'Another browser', 'Scan the code on the board again'],
    ['session-closed', 410, 'Check-in is closed', 'Show this page to your teacher'],
    ['session-cancelled', 410, 'Cancelled', 'does not take place'],
    ['browser-already-used', 409, 'One person per phone', 'Show this page to your teacher'],
    ['cookies-needed', 400, 'Cookies are off', 'Turn them on'],
  ] as const)('%s says the way on', async (code, status, title, text) => {
    stand.checkIns = [refusal(code, status)];
    await open();
    await send();
    await heading(title);
    await page.getByText(text).waitFor();
  });

  test('by the mark of the host names that mark', async () => {
    stand.checkIns = [refusal('see-host', 409, { status: 'excused' })];
    await open();
    await send();
    await heading('Marked excused');
  });

  test('by a fault of the server is sent again with the same attempt', async () => {
    stand.checkIns = [refusal('internal', 500), accepted()];
    await open();
    await send();
    await heading('Something went wrong');
    await page.getByRole('button', { name: 'Try again' }).click();
    await heading('Present');
    expect(attempts()).toHaveLength(1);
  });

  test('because time is up comes before anything is sent', async () => {
    await page.clock.install();
    await open();
    await page.getByLabel('Your number').fill('77');
    await page.clock.runFor(opening.ticketMs + 100);
    await heading('This page has run out');
    stand.typedCodes = [{ status: 200, body: opening }];
    await page.getByRole('button', { name: 'Type the six characters' }).click();
    await page.getByLabel('Six characters').fill('abc-123');
    await page.getByRole('button', { name: 'Next' }).click();
    expect(await page.getByLabel('Your number').inputValue()).toBe('77');
    expect(stand.sent).toEqual([]);
  });
});

describe('a typed code', () => {
  beforeEach(() => {
    stand.page = { organisation, words: 'work', mode: 'typed' };
  });

  async function type(code: string): Promise<void> {
    await page.getByLabel('Six characters').fill(code);
    await page.getByRole('button', { name: 'Next' }).click();
  }

  test('that is wrong can be mended in place, a right one opens the form', async () => {
    stand.typedCodes = [
      refusal('typed-code-wrong', 403),
      refusal('throttled', 429),
      'drop',
      { status: 200, body: opening },
    ];
    await open('/typed');
    await type('AAAAAA');
    await page.getByText('Not the code on the board').waitFor();
    expect(await page.getByLabel('Six characters').inputValue()).toBe('AAAAAA');
    await type('AAAAAB');
    await page.getByText('Too many wrong tries').waitFor();
    await type('AAAAAC');
    await page.getByText('No answer').waitFor();
    await type('AAAAAD');
    await heading(opening.session);
    await send();
    await heading('Present');
  });

  test('is not taken where typing is switched off', async () => {
    stand.typedCodes = [refusal('typed-code-off', 403)];
    await open('/typed');
    await type('AAAAAA');
    await heading('Typing is switched off');
    expect(await page.getByRole('button').count()).toBe(0);
  });

  test('speaks of a supervisor at work', async () => {
    stand.typedCodes = [refusal('session-closed', 410)];
    await open('/typed');
    await type('AAAAAA');
    await page.getByText('Show this page to your supervisor').waitFor();
  });
});
