import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

/** HMAC-SHA256 of a text's UTF-8 bytes. A platform that hashes faster may bring its own. */
export type Mac = (key: Uint8Array, text: string) => Uint8Array;

export const portableMac: Mac = (key, text) => hmac(sha256, key, utf8ToBytes(text));
