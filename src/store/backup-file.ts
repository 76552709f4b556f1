import { BackupError } from './backup-error.ts';
import { BackupSource } from './backup-source.ts';
import { type InstallationFile, isInstallationFile, ownerOfFolder } from './installation.ts';
import { sha256 } from './ledger-line.ts';
import { isKeyCheck } from './master-key.ts';

interface HeaderBase {
  /** Epoch milliseconds. */
  readonly madeAt: number;
}

/** A backup of rows, from any engine: chunks follow, sealed under a key that the organisation's key leads to. */
export interface RowHeader extends HeaderBase {
  readonly format: 'rows';
  /** UUID of the installation. */
  readonly installation: string;
  /** The schema of the rows. */
  readonly schema: number;
  /** Of the master key; while a rotation was under way, of the next one too. */
  readonly checks: readonly string[];
  readonly organisation: string;
  /** The organisation's key under the master key, base64. */
  readonly wrappedKey: string;
  /** Makes the first line another one each time, and with it the key; base64. */
  readonly salt: string;
}

/** What an earlier Muster wrote, from an embedded database only: the encrypted database follows as it was. */
export interface CopyHeader extends HeaderBase {
  readonly format: 'copy';
  /** What stood in `installation.json`: the database's key lies in it under the master key. */
  readonly installation: InstallationFile;
  /** Length of the database. */
  readonly bytes: number;
  /** SHA-256 of the database in hex. */
  readonly sha256: string;
}

/** The first line of a backup, as JSON. It holds no secret. */
export type BackupHeader = RowHeader | CopyHeader;

const versions = { copy: 1, rows: 2 } as const;
const maxHeader = 16_384;

export function writeHeader(header: BackupHeader): string {
  const { format, ...rest } = header;
  const line = { muster: 'backup', version: versions[format], ...rest };
  return `${JSON.stringify({ ...line, check: sha256(JSON.stringify(line)) })}\n`;
}

/** Whose keys a backup needs. */
export function ownerOf(header: BackupHeader): {
  readonly id: string;
  readonly checks: readonly string[];
} {
  return header.format === 'rows'
    ? { id: header.installation, checks: header.checks }
    : ownerOfFolder(header.installation);
}

export const schemaOf = (header: BackupHeader): number =>
  header.format === 'rows' ? header.schema : header.installation.schema;

/**
 * Reads the first line.
 * @throws BackupError where this is not a backup, of a newer format, or was changed
 */
export async function readFirstLine(
  source: BackupSource,
): Promise<{ header: BackupHeader; line: string }> {
  if (await source.isOver()) {
    throw new BackupError(`There is nothing in ${source.named}: see what was to write it.`);
  }
  const line = await source.line(maxHeader);
  const header = line === null ? null : parseHeader(line, source.named);
  if (line === null || !header) {
    throw new BackupError(`The file ${source.named} is not a backup of Muster, or was changed.`);
  }
  return { header, line };
}

/** The same of a file. */
export async function readHeader(path: string): Promise<BackupHeader> {
  await using source = new BackupSource(path);
  return (await readFirstLine(source)).header;
}

type ParsedLine = {
  readonly muster?: unknown;
  readonly version?: unknown;
  readonly check?: unknown;
};

function parseHeader(line: string, named: string): BackupHeader | null {
  let parsed: (ParsedLine & Record<string, unknown>) | null;
  try {
    parsed = JSON.parse(line);
  } catch {
    return null;
  }
  if (parsed?.muster !== 'backup' || typeof parsed.version !== 'number') return null;
  if (parsed.version > versions.rows) {
    throw new BackupError(
      `The backup ${named} was made by a newer Muster. Restore it with that one.`,
    );
  }
  const { muster: _, version, check: __, ...rest } = parsed;
  const format = version === versions.rows ? 'rows' : 'copy';
  const header = { format, ...rest } as unknown as BackupHeader;
  const isSound =
    format === 'rows' ? isRowHeader(header as RowHeader) : isCopyHeader(header as CopyHeader);
  return isSound && writeHeader(header) === line ? header : null;
}

/** Anybody can write a first line with a check of its own: it has to make sense as well. */
const isRowHeader = (header: RowHeader): boolean =>
  isInstant(header.madeAt) &&
  isId(header.installation) &&
  Number.isSafeInteger(header.schema) &&
  Array.isArray(header.checks) &&
  header.checks.length > 0 &&
  header.checks.every((check) => typeof check === 'string' && isKeyCheck(check)) &&
  isText(header.organisation, /^\w{1,64}$/) &&
  isText(header.wrappedKey, /^[\w+/]{80}$/) &&
  isText(header.salt, /^[\w+/]{22}==$/);

const isCopyHeader = ({ installation, madeAt, bytes, sha256: digest }: CopyHeader): boolean =>
  isInstallationFile(installation) &&
  isInstant(madeAt) &&
  Number.isSafeInteger(bytes) &&
  isText(digest, /^[\da-f]{64}$/);

const isInstant = (value: unknown): boolean =>
  typeof value === 'number' && Number.isFinite(new Date(value).getTime());

const isText = (value: unknown, shape: RegExp): boolean =>
  typeof value === 'string' && shape.test(value);

/** It becomes the name of a folder, so it is nothing but a UUID. */
const isId = (value: unknown): boolean => isText(value, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
