import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PhonePage } from '../core/phone-page.wire.ts';
import { buildBundle } from './bundle-build.ts';
import { loadPhonePage, type PhonePageRenderer } from './phone-page.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'muster-phone-'));
const opening = { ticket: 'T', session: 'Algebra', asksName: false, ticketMs: 120_000 };
let page: PhonePageRenderer;

beforeAll(async () => {
  await buildBundle(root, folder, ['phone']);
  page = loadPhonePage(folder);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function form(organisation: string, session: string): PhonePage {
  return { organisation, mode: 'form', opening: { ...opening, session }, browserKnown: true };
}

/** What an HTML parser sees between the tags of the element that `start` opens. */
function textIn(html: string, start: string, tag: string): string {
  const from = html.indexOf(start) + start.length;
  expect(from).toBeGreaterThan(start.length);
  return html.slice(from, html.indexOf(`</${tag}>`, from));
}

describe('the built phone page', () => {
  test('has less than 6 KB of JavaScript, compressed', () => {
    expect(gzipSync(readFileSync(join(folder, 'phone/phone.js'))).length).toBeLessThan(6_000);
  });

  test('is less than 9 KB in all, compressed', () => {
    expect(gzipSync(page.render(form('School', 'Algebra')).html).length).toBeLessThan(9_000);
  });

  test('is one script without imports', () => {
    expect(readFileSync(join(folder, 'phone/phone.js'), 'utf8')).not.toMatch(/\b(import|export)\b/);
  });

  test('loads nothing besides, and leads to what is kept', () => {
    const { html } = page.render(form('School', 'Algebra'));
    expect(html).not.toMatch(/\ssrc=|url\(|@import|https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
    expect(html.match(/href="[^"]*"/g)).toEqual(['href="data:,"', 'href="/privacy"']);
  });

  test('says its language and what to do without JavaScript', () => {
    const { html } = page.render({ organisation: 'School', mode: 'typed' });
    expect(html).toContain('<html lang="en">');
    expect(textIn(html, '<noscript>', 'noscript')).toContain('needs JavaScript');
  });
});

describe('the inlined data', () => {
  const hostile = [
    '</script><script>alert(1)</script>',
    '<!--<script>',
    `"'&lt;<img src=x onerror=alert(1)>`,
    'line\u2028end\u2029\u0000\r\n',
    '\ud800 alone',
    '$& $1 $`',
  ];

  test.each(hostile)('carries %j unchanged and as nothing but data', (text) => {
    const given = form(text, text);
    const { html } = page.render(given);
    const json = textIn(html, '<script type="application/json" id="opening">', 'script');
    expect(JSON.parse(json)).toEqual(given);
    expect(json).not.toMatch(/[<>\u2028\u2029]/);
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(textIn(html, '<title>', 'title')).not.toMatch(/[<>"']/);
  });

  test('names the session and the organisation in the title', () => {
    const { html } = page.render(form('A & B', 'Algebra'));
    expect(textIn(html, '<title>', 'title')).toBe('Algebra · A &#38; B');
  });
});

describe('the policy', () => {
  test('allows exactly the inlined script and style', () => {
    const { html, csp } = page.render(form('School', 'Algebra'));
    const hash = (text: string) => createHash('sha256').update(text).digest('base64');
    const script = html.slice(html.lastIndexOf('<script>') + 8, html.lastIndexOf('</script>'));
    expect(csp.split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'sha256-${hash(script)}'`,
      `style-src 'sha256-${hash(textIn(html, '<style>', 'style'))}'`,
      "connect-src 'self'",
      'img-src data:',
      "form-action 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ]);
  });
});
