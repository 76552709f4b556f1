import { readFileSync } from 'node:fs';
import type { Description } from './description.ts';

export const description: Description = {
  name: 'version',
  summary: 'prints the version',
  flags: {},
};

/** The version of this Muster. */
export function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

export async function run(): Promise<number> {
  process.stdout.write(`${readVersion()}\n`);
  return 0;
}
