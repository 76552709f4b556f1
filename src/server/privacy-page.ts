import { createHash } from 'node:crypto';
import { describePolicy, type Policy } from '../core/privacy.ts';
import { loadRules } from '../store/retention-rule.ts';
import type { App } from './app.ts';
import { loadKeptBackups } from './backup.ts';
import { escapeHtml } from './escape-html.ts';
import { Answer } from './route.ts';

const style =
  ':root{color-scheme:light dark}body{font:1rem/1.6 system-ui,sans-serif;max-width:44rem;margin:0 auto;padding:2rem 1rem}h1{font-size:1.5rem;line-height:1.25}table{border-collapse:collapse;width:100%;margin:1.5rem 0}th,td{border-bottom:1px solid;padding:.5rem .75rem .5rem 0;text-align:left;vertical-align:top;overflow-wrap:anywhere;font-weight:normal}thead th{font-weight:bold}@media(max-width:36rem){thead{position:absolute;clip-path:inset(50%)}tr,th,td{display:block;border:0;padding:0}tr{border-bottom:1px solid;padding:.75rem 0}th[scope=row]{font-weight:bold}}';

const policyOfPage = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  'img-src data:',
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** How long data are kept, for everybody: a page without scripts that needs no sign-in and sets no cookie. */
export async function presentPrivacy(app: App): Promise<Answer> {
  const { name, language } = app.settings.current;
  const [rules, backups] = await Promise.all([loadRules(app.store), loadKeptBackups(app)]);
  const policy = describePolicy(rules, { organisation: name, backups });
  const page = presentPolicyPage(policy, { name, language });
  return new Answer(page, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policyOfPage,
      'cache-control': 'no-cache',
    },
  });
}

function presentPolicyPage(
  { title, lead, columns, lines, notes }: Policy,
  { name, language }: { readonly name: string; readonly language: string },
): string {
  const rows = lines.map(
    ({ what, kept }) =>
      `<tr><th scope="row">${escapeHtml(what)}</th><td>${escapeHtml(kept)}</td></tr>`,
  );
  return [
    `<!doctype html><html lang="${escapeHtml(language)}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<link rel="icon" href="data:,">',
    `<title>${escapeHtml([title, name].filter(Boolean).join(' · '))}</title>`,
    `<style>${style}</style></head><body><main>`,
    `<h1>${escapeHtml(title)}</h1>`,
    `<p>${escapeHtml(lead)}</p>`,
    `<table><thead><tr>${columns.map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join('')}</tr></thead>`,
    `<tbody>${rows.join('\n')}</tbody></table>`,
    ...notes.map((note) => `<p>${escapeHtml(note)}</p>`),
    '</main></body></html>\n',
  ].join('\n');
}
