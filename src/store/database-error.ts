/** A database that cannot be used as it is: the message says why and what to do. Nothing was changed. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
}
