/** An error as it stands in the log: what failed and where, never whose data it was. */
export interface ErrorEntry {
  readonly name: string;
  readonly code?: string;
  readonly message?: string;
  /** Of a database: names of the schema. */
  readonly table?: string;
  readonly constraint?: string;
  readonly stack?: string;
  readonly cause?: ErrorEntry;
}

const deepest = 3;

/** Texts of the engine that quote no value. */
const harmless =
  /^(Cannot (read|set) properties of (undefined|null)|[\w$.#()]+ is not (a function|defined|iterable|a constructor)$|Maximum call stack size exceeded$|Cannot access '[\w$]+' before initialization$)/;

/**
 * Drivers put values into messages and fields, and so do some errors of the language. So the log gets the message only
 * of errors that are known to quote nothing; of all others the name, the code and the frames of the stack.
 */
export function presentError(error: unknown, depth = 0): ErrorEntry {
  if (!(error instanceof Error)) return { name: typeof error };
  const { code, table, constraint, cause } = error as Error & Record<string, unknown>;
  const message = messageOf(error);
  const stack = framesOf(error);
  return {
    name: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : {}),
    ...(message === null ? {} : { message }),
    ...(isName(table) ? { table } : {}),
    ...(isName(constraint) ? { constraint } : {}),
    ...(stack === '' ? {} : { stack }),
    ...(cause instanceof Error && depth < deepest ? { cause: presentError(cause, depth + 1) } : {}),
  };
}

const isName = (value: unknown): value is string =>
  typeof value === 'string' && /^\w{1,64}$/.test(value);

/** What stands in quotes may be somebody's. */
const quoted = /(?<!\w)(["'`]).*\1/gs;

/** The message where it is known to quote nothing but names of ours and of the system; else null. */
function messageOf(error: Error): string | null {
  const { name, message } = error;
  const { code, syscall, sqlState, severity } = error as Error & Record<string, unknown>;
  if (sqlState !== undefined || severity !== undefined) return null;
  // of the system: the call, a path or a port
  if (typeof syscall === 'string' && /^E[A-Z]+$/.test(String(code))) return message;
  // SQLite names tables and columns, never what is in them
  if (typeof code === 'string' && code.startsWith('SQLITE_')) return message;
  if (code !== undefined) return null;
  if (name === 'TypeError' || name === 'ReferenceError' || name === 'RangeError') {
    return harmless.exec(message)?.[0] ?? null;
  }
  return ours.has(name) ? message.replace(quoted, '$1...$1') : null;
}

/** Errors of our own, and those of libraries that carry no code: what happened to a connection, mostly. */
const ours: ReadonlySet<string> = new Set([
  'Error',
  'OutcomeUnknown',
  'DatabaseError',
  'AddressError',
]);

/** The frames alone: a stack begins with the message. */
function framesOf({ message, stack = '' }: Error): string {
  const at = message === '' ? -1 : stack.indexOf(message);
  const rest = at < 0 ? stack : stack.slice(at + message.length);
  return rest
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}
