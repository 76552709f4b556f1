import { readFile } from 'node:fs/promises';
import { Refused } from '../failure.ts';

/** Larger than any file that a server takes. */
const maxBytes = 32 * 1024 * 1024;

/**
 * The text of a file, or of stdin where it is `-`.
 * @throws Refused where it cannot be read, is too large or is not UTF-8
 */
export async function readInput(file: string): Promise<string> {
  const bytes = await (file === '-' ? readStdin() : readNamed(file));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refused(`${nameOf(file)} is not UTF-8 text.`, 'not-text');
  }
}

async function readNamed(file: string): Promise<Uint8Array> {
  try {
    const bytes = await readFile(file);
    if (bytes.byteLength > maxBytes) throw tooLarge(file);
    return bytes;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof Refused) throw error;
    throw new Refused(`${file} cannot be read (${code}).`, 'unreadable');
  }
}

async function readStdin(): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of process.stdin) {
    size += (part as Uint8Array).byteLength;
    if (size > maxBytes) throw tooLarge('-');
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts);
}

const tooLarge = (file: string): Refused =>
  new Refused(`${nameOf(file)} is larger than ${maxBytes / 1024 / 1024} MiB.`, 'too-large');

const nameOf = (file: string): string => (file === '-' ? 'What was read' : file);
