import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { refuse } from '../core/refusal.ts';
import { appPolicy } from './headers.ts';
import { Answer, type Route, route } from './route.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

interface Page {
  readonly body: Buffer;
  readonly zipped: Buffer | null;
  readonly type: string;
  readonly tag: string;
}

/**
 * The host's pages, all read into memory at the start: a request names a key of a map, never a path on the disk.
 * Whatever is no file is the app itself, which has its own routes.
 */
export function pageRoutes(folder: string): readonly Route[] {
  const pages = readPages(folder);
  const index = pages.get('index.html');
  if (!index) throw new Error(`There is no index.html in ${folder}.`);
  return ['/app', '/app/*'].map((path) =>
    route({
      method: 'GET',
      path,
      needs: 'anyone',
      handle({ params, headers }) {
        const name = params['*'] ?? '';
        const found = pages.get(name);
        if (!found && name.startsWith('assets/')) return refuse('not-found');
        const page = found ?? index;
        const fixed = name.startsWith('assets/');
        const common = {
          'content-type': page.type,
          'content-security-policy': appPolicy,
          'cache-control': fixed ? 'public, max-age=31536000, immutable' : 'no-cache',
          etag: page.tag,
          vary: 'accept-encoding',
        };
        if (headers['if-none-match'] === page.tag)
          return new Answer('', { status: 304, headers: common });
        const zip = page.zipped && /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''));
        return zip
          ? new Answer(page.zipped, { headers: { ...common, 'content-encoding': 'gzip' } })
          : new Answer(page.body, { headers: common });
      },
    }),
  );
}

function readPages(folder: string): Map<string, Page> {
  const pages = new Map<string, Page>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const body = readFileSync(path);
    const type = types[extname(entry.name)] ?? 'application/octet-stream';
    const text = type.includes('utf-8') || type.includes('svg');
    pages.set(relative(folder, path).split(sep).join('/'), {
      body,
      type,
      zipped: text ? gzipSync(body) : null,
      tag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    });
  }
  return pages;
}
