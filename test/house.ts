// What the tests of the house share: the rooms, and copies of the house to break rules in.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const root = join(import.meta.dirname, '..');

/** Every room and the rooms it may import from. */
export const rooms: Record<string, readonly string[]> = {
  core: [],
  store: ['core'],
  client: ['core'],
  face: ['core'],
  server: ['core', 'store', 'face'],
  web: ['core', 'client', 'face'],
  terminal: ['core', 'client'],
  cli: ['core', 'store', 'client', 'face', 'server', 'web', 'terminal'],
};

export function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? listFiles(path) : [path];
  });
}

export interface Probe extends Disposable {
  write(file: string, text: string): void;
  run(script: string, ...args: string[]): { code: number; output: string };
}

/** An empty copy of the house outside the tree: its rules and packages, none of its code. */
export function buildProbe(): Probe {
  const folder = mkdtempSync(join(tmpdir(), 'muster-house-'));
  function write(file: string, text: string): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  for (const file of ['tsconfig.base.json', 'biome.json', 'lint', 'package.json', '.gitignore'])
    cpSync(join(root, file), join(folder, file), { recursive: true });
  for (const room of Object.keys(rooms)) {
    const config = join('src', room, 'tsconfig.json');
    if (!existsSync(join(root, config))) continue;
    mkdirSync(join(folder, 'src', room), { recursive: true });
    cpSync(join(root, config), join(folder, config));
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return {
    write,
    run(script, ...args) {
      const done = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
        cwd: folder,
        encoding: 'utf8',
      });
      return { code: done.status ?? 1, output: done.stdout + done.stderr };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
