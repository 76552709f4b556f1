import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Refused } from './failure.ts';

/** Writes lines to stdout; waits for a slow reader. */
export function print(...lines: readonly string[]): Promise<void> {
  return write(lines.map((line) => `${line}\n`).join(''));
}

/** Signs that some terminals obey as they do an escape sequence; JSON leaves them as they are. */
const controls = /[\u0080-\u009f]/g;

function write(text: string): Promise<void> {
  const shown = process.stdout.isTTY ? text.replace(controls, '\ufffd') : text;
  return new Promise((done, fail) => {
    process.stdout.write(shown, (error) => (error ? fail(error) : done()));
  });
}

/**
 * Writes text to a new file, or to stdout where none is named; answers with the file's path.
 * @throws Refused where the file is there already
 */
export async function writeOut(
  pieces: AsyncIterable<string> | Iterable<string>,
  file: string | undefined,
): Promise<string | null> {
  if (file === undefined) {
    for await (const piece of pieces) await write(piece);
    return null;
  }
  const path = resolve(file);
  const handle = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST')
      throw new Refused(`The file ${path} is there already and was left as it is.`);
    throw error;
  });
  try {
    for await (const piece of pieces) await handle.writeFile(piece);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return path;
}

/** `1 event`, `2 events`. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;
