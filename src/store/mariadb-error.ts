import { OutcomeUnknown } from './engine.ts';
import { NoHostReady } from './host-choice.ts';

/** The server did not answer in time, closed the connection, or had none for us. */
export class ServerAway extends Error {
  override readonly name: string = 'ServerAway';
}

/** The server was asked, and said nothing for too long. */
export class NoAnswer extends ServerAway {
  override readonly name = 'NoAnswer';
}

/** What the driver tells: the server's number, or the system's code. */
interface DriverError {
  readonly errno?: number;
  readonly code?: string;
  readonly fatal?: boolean;
}

/** The server's number of an error, or 0; the system's own are negative. */
export const numberOf = (error: unknown): number => (error as DriverError | null)?.errno ?? 0;
export const codeOf = (error: unknown): string => (error as DriverError | null)?.code ?? '';

/** Duplicate entry for a key. */
export const isUniqueViolation = (error: unknown): boolean => numberOf(error) === 1062;

/** Of files and engines; the message names the system's number. */
const fileErrors = new Set([3, 1004, 1005, 1026, 1030]);

/** Disk full (1021), table full (1114), and errors of files that name the system's ENOSPC or EDQUOT. */
export function isDiskFull(error: unknown): boolean {
  const number = numberOf(error);
  if (number === 1021 || number === 1114) return true;
  return fileErrors.has(number) && /(errno: |error |errcode: )(28|122)\b/i.test(String(error));
}

/** Lock not given in time, deadlock or a certification that failed, record changed since it was read. */
const conflicts = new Set([1205, 1213, 1020]);
export const isConflict = (error: unknown): boolean => conflicts.has(numberOf(error));

const awayNumbers = new Set([
  // too many connections, of this user too; the host is blocked after too many errors
  ...[1040, 1203, 1226, 1129],
  // shutting down; killed; a statement interrupted or over its time
  ...[1053, 1927, 1317, 1969],
  // a cluster's node that is not ready; a server that only reads
  ...[1047, 1290, 1836],
  // packets that were lost on the way
  ...[1158, 1159, 1160, 1161],
]);
const awayCodes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'EHOSTDOWN', 'PROTOCOL_CONNECTION_LOST', 'HANDSHAKE_SSL_ERROR'],
]);

export function isAway(error: unknown): boolean {
  if (error instanceof ServerAway || error instanceof OutcomeUnknown) return true;
  if (error instanceof NoHostReady) return true;
  return awayNumbers.has(numberOf(error)) || awayCodes.has(codeOf(error));
}
