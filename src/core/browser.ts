import { encodeBase32, encodeBytes } from './base32.ts';
import type { Instant } from './brand.ts';
import type { Random } from './clock.ts';
import { sameText } from './code.ts';
import { type Mac, portableMac } from './mac.ts';

const timeLength = 9;
const randomLength = 11;
const idLength = timeLength + randomLength;
const macLength = 16;

/** The signed cookie value that tells one browser from another; it says nothing about the person or the phone. */
export function makeBrowser(
  key: Uint8Array,
  now: Instant,
  random: Random,
  mac: Mac = portableMac,
): { browser: string; cookie: string } {
  // time first: phones that come for the first time lie together in the index of claims
  const browser =
    encodeBase32(BigInt(now), timeLength) + encodeBytes(random.bytes(7), randomLength);
  return { browser, cookie: browser + sign(key, browser, mac) };
}

function sign(key: Uint8Array, browser: string, mac: Mac): string {
  return encodeBytes(mac(key, `browser:${browser}`), macLength);
}

/** The browser's id, or undefined where the cookie is missing or not ours. */
export function readBrowser(
  key: Uint8Array,
  cookie: string | undefined,
  mac: Mac = portableMac,
): string | undefined {
  if (cookie?.length !== idLength + macLength) return undefined;
  const browser = cookie.slice(0, idLength);
  return sameText(sign(key, browser, mac), cookie.slice(idLength)) ? browser : undefined;
}
