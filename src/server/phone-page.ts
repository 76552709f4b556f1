import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PhonePage } from '../core/phone-page.wire.ts';
import { escapeHtml } from './escape-html.ts';

export interface PhonePageRenderer {
  /** The whole page in one answer, and the policy to send with it: nothing is loaded besides. */
  render(page: PhonePage): { html: string; csp: string };
}

interface Words {
  readonly language: string;
  readonly title: string;
  readonly privacy: string;
  readonly noScript: string;
}

/** Reads the built phone page once; `folder` is that of `buildBundleWhenStale`. */
export function loadPhonePage(folder: string): PhonePageRenderer {
  const read = (file: string): string => readFileSync(join(folder, 'phone', file), 'utf8');
  const script = checkInline(read('phone.js'), 'script');
  const style = checkInline(read('phone.css'), 'style');
  const words = JSON.parse(read('words.json')) as Words;
  const csp = [
    "default-src 'none'",
    `script-src '${hashSource(script)}'`,
    `style-src '${hashSource(style)}'`,
    "connect-src 'self'",
    'img-src data:',
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
  const head = `<!doctype html><html lang="${escapeHtml(words.language)}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="format-detection" content="telephone=no">
<link rel="icon" href="data:,">
<style>${style}</style>`;
  const noScript = `<noscript>${escapeHtml(words.noScript)}</noscript>`;
  const body = `</head><body><main id="page">${noScript}</main><footer><a href="/privacy" target="_blank">${escapeHtml(words.privacy)}</a></footer><p id="status" role="status"></p>`;

  return {
    render(page) {
      const subject = page.mode === 'form' ? page.opening.session : words.title;
      const title = `<title>${escapeHtml(`${subject} · ${page.organisation}`)}</title>`;
      const opening = `<script type="application/json" id="opening">${escapeJson(page)}</script>`;
      const html = `${head}${title}${body}${opening}<script>${script}</script></body></html>`;
      return { html, csp };
    },
  };
}

/** A browser hashes what it read: line ends become LF, and a closing tag or comment would end the text early. */
function checkInline(text: string, tag: 'script' | 'style'): string {
  if (/\r|\0|<!--/.test(text) || text.toLowerCase().includes(`</${tag}`)) {
    throw new Error(`The built ${tag} of the phone page cannot be inlined.`);
  }
  return text;
}

function hashSource(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** JSON that no HTML parser can take for a tag and no script parser for the end of a line. */
function escapeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
