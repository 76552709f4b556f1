/** A backup that cannot be made or used; the message is the one sentence to say. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}
