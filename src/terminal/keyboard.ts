import { emitKeypressEvents, type Interface } from 'node:readline';
import { type Readable, Transform, type TransformCallback } from 'node:stream';
import { longest } from './dialogue.ts';

/** What an answer may be longer than allowed, so that it is refused rather than cut. */
const spare = 200;
const longestKey = 16;
const stop = 0x03;
const end = 0x04;
const escapeByte = 0x1b;
const clear = 0x15;
/** Two bytes that some terminals obey when they are shown, as they do an escape sequence: U+0080 to U+009F. */
const isControl = (first = 0, second = 0): boolean =>
  first === 0xc2 && second >= 0x80 && second < 0xa0;
const isText = (byte: number): boolean => byte >= 0x20 && byte !== 0x7f;

/** An Escape that nothing follows for so long, in ms, is a key of its own and not the beginning of an arrow. */
export const escapeCodeTimeout = 50;

/** Keys of a stream as events, by name. */
export const hearKeys = (input: Readable): void =>
  emitKeypressEvents(input, { escapeCodeTimeout } as unknown as Interface);

/**
 * The keyboard as prompts hear it, one key after the other from the first prompt to the last: what is typed between two
 * prompts goes to the next one, and no key ends the process. ^D is a step back as ^C is. Prompts draw all that was
 * typed at each key, so of a paste of many pages they get the beginning only.
 */
export class Keyboard extends Transform {
  readonly #input: NodeJS.ReadStream;
  readonly isTTY = true;
  #left = 0;
  #isHeard = false;
  #onStop: (() => void) | null = null;

  constructor(input: NodeJS.ReadStream) {
    super();
    this.#input = input;
    input.on('error', () => this.end());
  }

  /** A new answer begins. */
  attend(): void {
    this.#left = longest + spare;
    if (this.#isHeard) return;
    this.#isHeard = true;
    this.#input.setRawMode(true);
    this.#input.pipe(this);
  }

  /** While this works, ^C aborts its signal; other keys wait for the next prompt. */
  async breakable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stopped = new AbortController();
    this.attend();
    this.#onStop = () => stopped.abort();
    try {
      return await work(stopped.signal);
    } finally {
      this.#onStop = null;
    }
  }

  /** Leaves the keys to others, until somebody attends again. */
  rest(): void {
    if (!this.#isHeard) return;
    this.#isHeard = false;
    this.#input.unpipe(this);
    this.#input.setRawMode(false);
    this.#input.pause();
  }

  /** Prompts ask for it one by one; it stays as it is between them. */
  setRawMode(): this {
    return this;
  }

  override _transform(typed: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const chunk = this.#onStop ? this.#afterStop(typed, this.#onStop) : typed;
    // an arrow and its like, whose letters are not typed
    const isKey = chunk[0] === escapeByte && chunk.length < longestKey;
    const heard = chunk.filter((byte, at) => {
      if (isControl(byte, chunk[at + 1]) || isControl(chunk[at - 1], byte)) return false;
      if (byte === clear) this.#left = longest + spare;
      if (isKey || !isText(byte)) return true;
      this.#left -= 1;
      return this.#left >= 0;
    });
    done(
      null,
      heard.map((byte) => (byte === end ? stop : byte)),
    );
  }

  #afterStop(typed: Buffer, onStop: () => void): Buffer {
    const at = typed.findLastIndex((byte) => byte === stop || byte === end);
    if (at >= 0) onStop();
    return typed.subarray(at + 1);
  }
}
