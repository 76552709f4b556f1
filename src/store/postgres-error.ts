import { DatabaseError } from './database-error.ts';
import { OutcomeUnknown } from './engine.ts';
import { NoHostReady } from './host-choice.ts';

/** An error of the driver: SQLSTATE or the system's code. */
interface DriverError {
  readonly code?: string;
  readonly message?: string;
  readonly errors?: readonly DriverError[];
}

const codeOf = (error: unknown): string => {
  const { code, errors } = (error ?? {}) as DriverError;
  return code ?? errors?.[0]?.code ?? '';
};

/** Unique violation (SQLSTATE 23505). */
export const isUniqueViolation = (error: unknown): boolean => codeOf(error) === '23505';
/** The server's disk is full (53100). */
export const isDiskFull = (error: unknown): boolean => codeOf(error) === '53100';

/** Serialisation failure, deadlock, lock not given in time. */
const conflicts = new Set(['40001', '40P01', '55P03']);
export const isConflict = (error: unknown): boolean => conflicts.has(codeOf(error));

const away = new Set([
  // shutting down, crashed, starting; too many connections; a standby; a statement over its time
  ...['57P01', '57P02', '57P03', '53300', '25006', '57014', '25P03'],
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'EHOSTDOWN'],
]);
/** The driver names these by their words only. */
const awayWords =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed|Postgres connection has been discarded)/;

/** The driver's words for an answer in another protocol. */
const notPostgres = /^Received unexpected \w+ message|^received invalid response|^Unknown auth/i;

const lost = new Set(['ECONNRESET', 'EPIPE']);
const lostWords = /^(Connection terminated|Client has encountered a connection error)/;

export function isAway(error: unknown): boolean {
  if (error instanceof OutcomeUnknown || error instanceof NoHostReady) return true;
  const code = codeOf(error);
  if (away.has(code) || code.startsWith('08')) return true;
  return code === '' && awayWords.test((error as DriverError)?.message ?? '');
}

/** The connection itself ended, or ends: what was asked may be asked again on another. */
export function isLost(error: unknown): boolean {
  const code = codeOf(error);
  if (code.startsWith('57P') || lost.has(code)) return true;
  return code === '' && lostWords.test((error as DriverError)?.message ?? '');
}

/** Why a database cannot be used, in one sentence; whatever is no known cause is given back as it is. */
export function explainPostgres(
  error: unknown,
  { where, user, database }: { where: string; user: string; database: string },
): unknown {
  const code = codeOf(error);
  const { message = '' } = error as DriverError;
  if (code === '28P01' || code === '28000') {
    return new DatabaseError(
      `PostgreSQL at ${where} does not let ${user} in: wrong user or password, or pg_hba.conf forbids it. Check --database (or MUSTER_DATABASE) and the password.`,
    );
  }
  if (code === '3D000') {
    return new DatabaseError(
      `PostgreSQL at ${where} has no database ${database}. Make it with: create database ${database} encoding 'UTF8' template template0 owner ${user};`,
    );
  }
  if (code === '42501') {
    return new DatabaseError(
      `${user} may not use the database ${database} at ${where}. Allow it with: grant create, usage on schema public to ${user};`,
    );
  }
  if (code === '' && notPostgres.test(message)) {
    return new DatabaseError(
      `What answers at ${where} is not PostgreSQL. Check host and port of the address; MariaDB is named by mysql://...`,
    );
  }
  if (/certificate|self.signed|SSL|TLS/i.test(`${code} ${message}`)) {
    return new DatabaseError(
      `The connection to PostgreSQL at ${where} cannot be encrypted as asked: ${message.split('\n')[0]}. Give its authority with ?tls=FILE, or ?tls=off on a network that is yours alone.`,
    );
  }
  if (isAway(error)) {
    return new DatabaseError(
      `PostgreSQL at ${where} cannot be reached (${code || message.split('\n')[0]}). Check that it runs, its address, and the firewall; nothing was changed.`,
    );
  }
  return error;
}
