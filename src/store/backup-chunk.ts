import { hkdfSync } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { BackupError } from './backup-error.ts';
import type { BackupSource } from './backup-source.ts';
import { sha256 } from './ledger-line.ts';
import { open, seal } from './seal.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const params = { [constants.ZSTD_c_compressionLevel]: 1 };
/** Results come in pieces of this length: many small ones cost more than the work itself, and so does an idle one. */
const inPiecesOf = (length: number) => ({ chunkSize: Math.max(1 << 16, length) });

const lengthSize = 4;
/** Marks the last chunk; the mark is bound into the seal with the chunk's number. */
const lastMark = 0x8000_0000;
/** Far above any chunk that is written. */
const maxLength = 256 * 1024 * 1024;

/** The key of one backup. Its first line is bound in: a backup with another one does not open. */
export const deriveChunkKey = (backupKey: Uint8Array, firstLine: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', backupKey, '', `muster/backup/${sha256(firstLine)}`, 32));

const identityOf = (number: number, isLast: boolean): string =>
  `backup/${number}${isLast ? '/last' : ''}`;

/** Compresses and seals chunks in the order in which they are given. */
export class ChunkSealer {
  readonly #key: Uint8Array;
  #number = 0;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** A chunk as it is written: its length, then what is sealed. */
  async seal(plain: Uint8Array, isLast = false): Promise<Uint8Array[]> {
    this.#number += 1;
    const identity = identityOf(this.#number, isLast);
    // rows become two to four times shorter
    const pieces = inPiecesOf(plain.length >> 1);
    const sealed = seal(this.#key, identity, await compress(plain, { ...pieces, params }));
    const length = Buffer.alloc(lengthSize);
    length.writeUInt32BE((sealed.length | (isLast ? lastMark : 0)) >>> 0);
    return [length, sealed];
  }
}

/**
 * Opens chunk after chunk, each while the one before is being used.
 * @throws BackupError where one was changed, is missing or stands elsewhere than it was written
 */
export async function* openChunks(source: BackupSource, key: Uint8Array): AsyncGenerator<Buffer> {
  let number = 0;
  const next = async () => {
    number += 1;
    return openChunk(source, key, number);
  };
  for (let coming = next(); ; ) {
    const { plain, isLast } = await coming;
    if (!isLast) {
      coming = next();
      // whoever asks for it hears of it
      coming.catch(() => {});
    }
    yield plain;
    if (isLast) break;
  }
  if (!(await source.isOver())) {
    throw new BackupError(`The backup ${source.named} was made longer; nothing was restored.`);
  }
}

async function openChunk(
  source: BackupSource,
  key: Uint8Array,
  number: number,
): Promise<{ plain: Buffer; isLast: boolean }> {
  const head = (await source.take(lengthSize)).readUInt32BE(0);
  const isLast = head >= lastMark;
  const length = isLast ? head - lastMark : head;
  const changed = () =>
    new BackupError(`The backup ${source.named} was changed or damaged; nothing was restored.`);
  if (length > maxLength) throw changed();
  const sealed = await source.take(length);
  try {
    const compressed = open(key, identityOf(number, isLast), sealed);
    return { plain: await decompress(compressed, inPiecesOf(length * 4)), isLast };
  } catch {
    throw changed();
  }
}
