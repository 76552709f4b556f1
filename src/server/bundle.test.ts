import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { buildBundleWhenStale } from './bundle.ts';
import { stampBundle } from './bundle-stamp.ts';

const house = join(import.meta.dirname, '../..');
let root: string;
let said: string[];

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

function build() {
  return buildBundleWhenStale({ root, log: (message) => said.push(message) });
}

// a small installation with the house's own configuration
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-bundle-'));
  said = [];
  for (const file of ['vite.config.ts', 'src/web/phone/message-en.ts']) {
    write(file, readFileSync(join(house, file), 'utf8'));
  }
  write('package.json', '{ "type": "module" }');
  write('package-lock.json', '{}');
  write('src/web/index.html', '<script type="module" src="./app/main.tsx"></script>');
  write(
    'src/web/app/main.tsx',
    `import { render } from 'preact';\nrender(<b>hello</b>, document.body);\n`,
  );
  write('src/web/phone/phone.ts', `import './phone.css';\ndocument.title = 'one';\n`);
  write('src/web/phone/phone.css', 'p { margin: 0 }');
  symlinkSync(join(house, 'node_modules'), join(root, 'node_modules'), 'junction');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the bundle', () => {
  test('is built once and found fresh after that', async () => {
    const first = await build();
    expect(first.built).toBe(true);
    expect(readdirSync(join(first.folder, 'phone')).sort()).toEqual([
      'phone.css',
      'phone.js',
      'words.json',
    ]);
    expect(readFileSync(join(first.folder, 'app/index.html'), 'utf8')).toContain('/app/assets/');
    expect(await build()).toEqual({ folder: first.folder, built: false });
    expect(said).toHaveLength(1);
  }, 60_000);

  test('is built again after a change, and the ones before stay for who still serves them', async () => {
    const { folder: one } = await build();
    write('src/web/phone/phone.ts', `import './phone.css';\ndocument.title = 'two';\n`);
    const { folder: two, built } = await build();
    expect(built).toBe(true);
    expect(readFileSync(join(two, 'phone/phone.js'), 'utf8')).toContain('two');
    expect(existsSync(one)).toBe(true);
    write('src/web/phone/phone.css', 'p { margin: 1px }');
    await build();
    expect(existsSync(one)).toBe(true);
    const longAgo = new Date(Date.now() - 25 * 60 * 60_000);
    for (const folder of [one, two]) utimesSync(folder, longAgo, longAgo);
    write('src/web/phone/phone.css', 'p { margin: 2px }');
    await build();
    expect(readdirSync(join(root, 'dist/web'))).toHaveLength(2);
    expect(existsSync(one)).toBe(false);
  }, 60_000);

  test('comes out whole when two processes start at once', async () => {
    const [one, two] = await Promise.all([build(), build()]);
    expect(one?.folder).toBe(two?.folder);
    expect(readdirSync(join(root, 'dist/web'))).toEqual([one?.folder.split(/[/\\]/).pop()]);
  }, 60_000);

  test('leaves nothing behind when the sources are broken', async () => {
    write('src/web/phone/phone.ts', 'const = ;');
    await expect(build()).rejects.toThrow();
    expect(readdirSync(join(root, 'dist/web'))).toEqual([]);
  }, 60_000);

  test('says what to do where Vite is not installed', async () => {
    vi.doMock('vite', () => {
      throw new Error('not there');
    });
    try {
      await expect(build()).rejects.toThrow('Run "npm install"');
    } finally {
      vi.doUnmock('vite');
    }
  });
});

describe('the stamp', () => {
  test('follows contents, not tests or times', () => {
    const before = stampBundle(root);
    write('src/web/app/main.test.ts', 'changed');
    write('package-lock.json', '{}');
    expect(stampBundle(root)).toBe(before);
    write('src/core/noun.ts', 'export const noun = 1;');
    expect(stampBundle(root)).not.toBe(before);
  });
});
