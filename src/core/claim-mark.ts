import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { encodeBytes } from './base32.ts';

/** Four characters that a phone shows and the host reads, to tell two phones with one number apart. */
export const claimMark = (session: string, browser: string): string =>
  encodeBytes(sha256(utf8ToBytes(`mark:${session}:${browser}`)), 4);
