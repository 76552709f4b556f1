/** Data cannot be moved as asked; the message says why and what to do. The source is as it was. */
export class MoveError extends Error {
  override readonly name = 'MoveError';
}
