import { createReadStream } from 'node:fs';
import { BackupError } from './backup-error.ts';

const pieceSize = 1 << 20;
const newLine = 10;

/** The bytes of a backup, read once from its beginning: a file, or what comes through a pipe. */
export class BackupSource implements AsyncDisposable {
  /** What to call it in a sentence. */
  readonly named: string;
  readonly #pieces: AsyncIterator<Uint8Array>;
  #held: Buffer[] = [];
  #heldLength = 0;

  /** @param stream null: the file that is named */
  constructor(named: string, stream: AsyncIterable<Uint8Array> | null = null) {
    this.named = named;
    const pieces = stream ?? createReadStream(named, { highWaterMark: pieceSize });
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /**
   * The first line with its end, or null where there is none that short.
   * @throws BackupError where nothing can be read
   */
  async line(maxLength: number): Promise<string | null> {
    for (;;) {
      const start = this.#joined();
      const end = start.indexOf(newLine);
      if (end >= 0) return end < maxLength ? (await this.take(end + 1)).toString('utf8') : null;
      if (start.length >= maxLength || !(await this.#more())) return null;
    }
  }

  /** @throws BackupError where it is over before */
  async take(length: number): Promise<Buffer> {
    while (this.#heldLength < length) {
      if (!(await this.#more())) {
        throw new BackupError(`The backup ${this.named} was cut off; nothing was restored.`);
      }
    }
    const all = this.#joined();
    this.#hold(all.subarray(length));
    return all.subarray(0, length);
  }

  async isOver(): Promise<boolean> {
    while (this.#heldLength === 0) if (!(await this.#more())) return true;
    return false;
  }

  /** What is left, piece by piece. */
  async *rest(): AsyncGenerator<Buffer> {
    while (!(await this.isOver())) {
      const all = this.#joined();
      this.#hold(all.subarray(all.length));
      yield all;
    }
  }

  #joined(): Buffer {
    const [first] = this.#held;
    if (first && this.#held.length === 1) return first;
    const all = Buffer.concat(this.#held);
    this.#held = [all];
    return all;
  }

  #hold(piece: Buffer): void {
    this.#held = [piece];
    this.#heldLength = piece.length;
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#pieces.next().catch((error: NodeJS.ErrnoException) => {
      throw new BackupError(
        error.code === 'ENOENT'
          ? `There is no file ${this.named}.`
          : `The file ${this.named} cannot be read (${error.code}).`,
      );
    });
    if (done) return false;
    this.#held.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    this.#heldLength += value.byteLength;
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pieces.return?.();
  }
}
