import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type InstallationFile, isInstallationFile } from './installation.ts';
import { sha256 } from './ledger-line.ts';

/** A backup that cannot be made or used; the message is the one sentence to say. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** The first line of a backup, as JSON; the encrypted database follows it. It holds no secret. */
export interface BackupHeader {
  /** Epoch milliseconds. */
  readonly madeAt: number;
  /** What stood in `installation.json`: the database's key lies in it under the master key. */
  readonly installation: InstallationFile;
  /** Length of the database. */
  readonly bytes: number;
  /** SHA-256 of the database in hex. */
  readonly sha256: string;
}

const maxHeader = 16_384;

export function writeHeader({ madeAt, installation, bytes, sha256: digest }: BackupHeader): string {
  const line = { muster: 'backup', version: 1, madeAt, installation, bytes, sha256: digest };
  return `${JSON.stringify({ ...line, check: sha256(JSON.stringify(line)) })}\n`;
}

/**
 * Reads the first line.
 * @throws BackupError where the file is not a backup, of a newer format, or was changed
 */
export async function readHeader(path: string): Promise<{ header: BackupHeader; offset: number }> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new BackupError(
      error.code === 'ENOENT'
        ? `There is no file ${path}.`
        : `The file ${path} cannot be read (${error.code}).`,
    );
  });
  try {
    const start = await readStart(handle, path);
    const end = start.indexOf(10);
    const header = end < 0 ? null : parseHeader(start.toString('utf8', 0, end + 1), path);
    if (!header)
      throw new BackupError(`The file ${path} is not a backup of Muster, or was changed.`);
    return { header, offset: end + 1 };
  } finally {
    await handle.close();
  }
}

async function readStart(handle: FileHandle, path: string): Promise<Buffer> {
  const start = Buffer.alloc(maxHeader);
  const { bytesRead } = await handle
    .read(start, 0, maxHeader, 0)
    .catch((error: NodeJS.ErrnoException) => {
      throw new BackupError(`The file ${path} cannot be read (${error.code}).`);
    });
  return start.subarray(0, bytesRead);
}

function parseHeader(line: string, path: string): BackupHeader | null {
  let header: BackupHeader & { muster?: unknown; version?: unknown };
  try {
    header = JSON.parse(line);
  } catch {
    return null;
  }
  if (header?.muster === 'backup' && typeof header.version === 'number' && header.version > 1) {
    throw new BackupError(
      `The backup ${path} was made by a newer Muster. Restore it with that one.`,
    );
  }
  return isHeader(header) && writeHeader(header) === line ? header : null;
}

/** Anybody can write a first line with a check of its own: it has to make sense as well. */
const isHeader = (header: BackupHeader | null): header is BackupHeader =>
  isInstallationFile(header?.installation) &&
  Number.isFinite(new Date(header.madeAt).getTime()) &&
  typeof header.madeAt === 'number' &&
  Number.isSafeInteger(header.bytes) &&
  /^[\da-f]{64}$/.test(header.sha256);

/**
 * Reads a file from `offset` on, handing every piece to `take`.
 * @returns length and SHA-256 of what was read
 */
export async function digestFile(
  path: string,
  offset = 0,
  take: (piece: Uint8Array) => Promise<unknown> = async () => {},
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of createReadStream(path, { start: offset, highWaterMark: 1 << 20 })) {
    hash.update(piece);
    bytes += piece.length;
    await take(piece);
  }
  return { bytes, sha256: hash.digest('hex') };
}
