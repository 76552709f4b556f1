import { readFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listFiles, rooms, root } from './house.ts';

const files = listFiles(join(root, 'src')).map((file) => relative(root, file).split(sep).join('/'));
const code = files.filter((file) => /\.[jt]sx?$/.test(file));
const suffixes = ['', '.wire', '.route', '.test', '.web.test', '.spec'];

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** Static, dynamic and re-exporting imports; comments may hold none of them by accident. */
function importsOf(file: string): string[] {
  const pattern = /(?:\bfrom\s+|\bimport\s*\(?\s*)(['"])([^'"\n]+)\1/g;
  return [...read(file).matchAll(pattern)].map((match) => match[2] ?? '');
}

function packageName(source: string): string {
  return source
    .split('/')
    .slice(0, source.startsWith('@') ? 2 : 1)
    .join('/');
}

describe('the house', () => {
  test('has rooms and nothing beside them', () => {
    const known = Object.keys(rooms);
    expect(files.filter((file) => !known.includes(file.split('/')[1] ?? ''))).toEqual([]);
    expect(code.length).toBeGreaterThan(0);
  });

  test('has no folder deeper than one below a room', () => {
    expect(files.filter((file) => file.split('/').length > 4)).toEqual([]);
  });

  test('names a file by its noun and a suffix of the closed list', () => {
    const odd = code.filter((file) => {
      const parts = /^([a-z0-9]+(?:-[a-z0-9]+)*)((?:\.[a-z]+)*)\.tsx?$/.exec(basename(file));
      return !parts || !suffixes.includes(parts[2] ?? '');
    });
    expect(odd).toEqual([]);
  });

  test('has no drawer for odds and ends', () => {
    const drawer = /(^|[/.-])(utils?|helpers?|managers?|services?|misc|common)([/.-]|$)/;
    expect(files.filter((file) => drawer.test(file))).toEqual([]);
  });

  test('keeps JSX in web', () => {
    expect(files.filter((file) => file.endsWith('x') && !file.startsWith('src/web/'))).toEqual([]);
  });

  test('has no file over 400 lines', () => {
    const places = ['src', 'test', 'bench', 'bin'].flatMap((folder) =>
      listFiles(join(root, folder)).map((file) => relative(root, file)),
    );
    const long = places
      .filter((file) => /\.([jt]sx?|css)$/.test(file))
      .map((file) => ({ file, lines: read(file).split('\n').length - 1 }));
    expect(long.filter(({ lines }) => lines > 400)).toEqual([]);
  });

  test('reads the environment in one file', () => {
    const readers = code.filter(
      (file) => !file.includes('.test.') && /process\.env/.test(read(file)),
    );
    expect(readers.length, readers.join(', ')).toBeLessThanOrEqual(1);
  });

  test('gives every test a project that runs it', () => {
    const spec = files.filter((file) => /\.spec\.tsx?$/.test(file));
    const tests = listFiles(join(root, 'test'))
      .map((file) => relative(root, file).split(sep).join('/'))
      .filter((file) => /\.(test|spec)\.tsx?$/.test(file));
    const runs =
      /^test\/((e2e|crash|cluster)\/.*\.spec\.ts|(?!(e2e|crash|cluster)\/).*\.test\.ts)$/;
    const jsx = files.filter((file) => /(?<!\.web)\.test\.tsx$/.test(file));
    expect([...spec, ...jsx, ...tests.filter((file) => !runs.test(file))]).toEqual([]);
  });
});

describe('packages', () => {
  const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  const sections = ['dependencies', 'devDependencies', 'optionalDependencies'];

  test('have exact versions', () => {
    const loose = sections
      .flatMap((section) => Object.entries(manifest[section] ?? {}))
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
    expect(loose).toEqual([]);
  });

  test('in core are zod and @noble/hashes', () => {
    const foreign = code
      .filter((file) => file.startsWith('src/core/') && !file.includes('.test.'))
      .flatMap((file) => importsOf(file).map((source) => ({ file, source })))
      .filter(({ source }) => !source.startsWith('.'))
      .filter(({ source }) => !['zod', '@noble/hashes'].includes(packageName(source)));
    expect(foreign).toEqual([]);
  });

  test('that a room needs at run time are no development tools', () => {
    const tools = new Set(Object.keys(manifest.devDependencies ?? {}));
    const wrong = code
      .filter((file) => !file.includes('.test.'))
      .flatMap((file) => importsOf(file).map((source) => ({ file, source })))
      .filter(({ source }) => tools.has(packageName(source)));
    expect(wrong).toEqual([]);
  });

  test('install without running scripts, so that a machine without a compiler will do', () => {
    expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  });

  test('are locked without naming where they came from', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved": "https?:/);
  });
});
