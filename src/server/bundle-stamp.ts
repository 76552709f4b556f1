import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything that the pages are made of; the lock file speaks for the packages. */
const sources = [
  'src/web',
  'src/client',
  'src/core',
  'src/face',
  'vite.config.ts',
  'tsconfig.base.json',
  'package-lock.json',
];

function listFiles(root: string, path: string): string[] {
  return readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) => {
    const inner = `${path}/${entry.name}`;
    return entry.isDirectory() ? listFiles(root, inner) : [inner];
  });
}

/** Names the contents of the sources: the same text gives the same name on every machine, at any time. */
export function stampBundle(root: string): string {
  const hash = createHash('sha256');
  const files = sources
    .filter((source) => existsSync(join(root, source)))
    .flatMap((source) => (/\.\w+$/.test(source) ? [source] : listFiles(root, source)))
    .filter((file) => !/\.test\.tsx?$/.test(file))
    .sort();
  for (const file of files) {
    const content = readFileSync(join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}
