import { readFileSync } from 'node:fs';

export const usage = `muster version
  prints the version`;

/** The version of this Muster. */
export function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

export async function run(): Promise<number> {
  process.stdout.write(`${readVersion()}\n`);
  return 0;
}
