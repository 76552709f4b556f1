import { AuthorityDamaged } from '../server/authority.ts';
import { BackupError } from '../store/backup-error.ts';
import { AddressError } from '../store/database-address.ts';
import { DatabaseError } from '../store/database-error.ts';
import { FolderError } from '../store/installation.ts';
import { KeyError } from '../store/key-folder.ts';
import { NewerDatabase, OlderDatabase } from '../store/migrate.ts';
import { MoveError } from '../store/move-error.ts';
import { LedgerBroken } from '../store/rebuild.ts';

/** What could not be done, rather than was not to be. */
const failing: ReadonlySet<string> = new Set([
  'failed',
  'unreadable',
  'offline',
  'internal',
  'busy',
  'database-away',
  'disk-full',
]);

/** A verb does not do what was asked; the message is the one sentence for the person at the terminal. */
export class Refused extends Error {
  override readonly name = 'Refused';
  /** Of a server's refusal, or one of the command's own (docs/commands.md). */
  readonly code: string;

  constructor(message: string, code = 'refused') {
    super(message);
    this.code = code;
  }

  /** Whether it could not be done, rather than was not to be. */
  get isFailure(): boolean {
    return failing.has(this.code);
  }
}

/** The command was not written as it must be: an exit code of its own and a way to the help. */
export class Misused extends Error {
  override readonly name = 'Misused';
}

const bySystem: Readonly<Record<string, (path: string) => string>> = {
  EADDRNOTAVAIL: () => 'No network interface of this machine has the address given by --host.',
  EROFS: (path) => `${path} cannot be written: it lies on a read-only disk. Nothing was changed.`,
  EACCES: (path) => `${path} may not be used by this user. Check who owns it.`,
  EPERM: (path) => `${path} may not be changed by this user. Check who owns it.`,
  ENOSPC: (path) => `The disk that holds ${path} is full. Free some space and try again.`,
  EDQUOT: (path) =>
    `The space allowed to this user is used up at ${path}. Free some and try again.`,
  EMFILE: () => 'This user has too many files open. Close some programs and try again.',
};

const bySqlite: Readonly<Record<string, string>> = {
  SQLITE_NOTADB:
    'The database cannot be read with its key: it was damaged or replaced. Restore a backup into an empty folder with: muster restore FILE --data FOLDER',
  SQLITE_CORRUPT:
    'The database is damaged. Restore a backup into an empty folder with: muster restore FILE --data FOLDER',
  SQLITE_FULL: 'The disk that holds the database is full. Free some space and try again.',
  SQLITE_READONLY:
    'The database cannot be written: its disk is read-only, or it belongs to another user.',
  SQLITE_CANTOPEN:
    'The database cannot be opened for writing. Check that its disk is writable and who owns it.',
  SQLITE_IOERR:
    'The disk that holds the database fails to read or write. Check the disk and its free space.',
  SQLITE_BUSY: 'Another program keeps the database locked. Close it and try again.',
  SQLITE_PERM: 'The database may not be used by this user. Check who owns it.',
};

/** The one sentence for an error that people can do something about; null where it is a surprise. */
export function explain(error: unknown): string | null {
  if (
    error instanceof Refused ||
    error instanceof FolderError ||
    error instanceof KeyError ||
    error instanceof NewerDatabase ||
    error instanceof OlderDatabase ||
    error instanceof DatabaseError ||
    error instanceof MoveError ||
    error instanceof AuthorityDamaged ||
    error instanceof BackupError ||
    error instanceof LedgerBroken
  ) {
    return error.message;
  }
  const { code, path, port } = error as { code?: string; path?: string; port?: number };
  if (port !== undefined && (code === 'EADDRINUSE' || code === 'EACCES'))
    return portTaken(code, port);
  const ofDatabase = Object.keys(bySqlite).find((kind) => code?.startsWith(kind));
  if (ofDatabase) return bySqlite[ofDatabase] as string;
  return bySystem[code ?? '']?.(path ?? 'A file') ?? null;
}

/** What was wrong with how the command was written, or null where it was written well. */
export function explainMisuse(error: unknown): string | null {
  if (error instanceof Misused || error instanceof AddressError) return error.message;
  const { code, message } = error as { code?: string; message?: string };
  if (!code?.startsWith('ERR_PARSE_ARGS_')) return null;
  return `${(message ?? '').split(/\. |\n/)[0]?.replace(/\.$/, '')}.`;
}

function portTaken(code: string, port: number): string {
  return code === 'EACCES'
    ? `Port ${port} may only be used by an administrator. Choose one above 1023 with --port or --https-port.`
    : `Port ${port} is used by another program. Choose another with --port (for HTTPS with --https-port), for instance: npm start -- --port 8181`;
}
