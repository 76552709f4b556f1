import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { encodeBytes } from './base32.ts';
import type { Random } from './clock.ts';
import { sameText } from './code.ts';

const idLength = 16;
const macLength = 16;

/** The signed cookie value that tells one browser from another; it says nothing about the person or the phone. */
export function makeBrowser(key: Uint8Array, random: Random): { browser: string; cookie: string } {
  const browser = encodeBytes(random.bytes(10), idLength);
  return { browser, cookie: browser + sign(key, browser) };
}

function sign(key: Uint8Array, browser: string): string {
  return encodeBytes(hmac(sha256, key, utf8ToBytes(`browser:${browser}`)), macLength);
}

/** The browser's id, or undefined where the cookie is missing or not ours. */
export function readBrowser(key: Uint8Array, cookie: string | undefined): string | undefined {
  if (cookie?.length !== idLength + macLength) return undefined;
  const browser = cookie.slice(0, idLength);
  return sameText(sign(key, browser), cookie.slice(idLength)) ? browser : undefined;
}
