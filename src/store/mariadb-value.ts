export interface StatementResult {
  readonly rows: Record<string, unknown>[];
  /** Rows that were found by an update or delete, whether or not they changed. */
  readonly affected: number;
}

/** The driver takes an object for a list of columns: nothing but values goes in. */
export function toParameter(value: unknown): unknown {
  if (value === null) return null;
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'bigint':
      return value;
    default:
  }
  if (Buffer.isBuffer(value)) return value;
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  throw new TypeError(`a ${typeof value} is no value for a statement`);
}

/** What the driver gives for one statement. */
export function toResult(result: unknown): StatementResult {
  if (Array.isArray(result)) return { rows: result, affected: 0 };
  return { rows: [], affected: (result as { affectedRows: number }).affectedRows };
}
