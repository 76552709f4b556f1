import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { decodeBase32, encodeBase32, encodeBytes, normaliseBase32 } from './base32.ts';
import type { Instant } from './brand.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Characters of a token: 4 name the session, 4 the slot (modulo 2^20), 8 are the MAC (40 bits). */
const sessionLength = 4;
const slotLength = 4;
const macLength = 8;
const slotModulus = 2 ** (5 * slotLength);
export const tokenLength = sessionLength + slotLength + macLength;

/** A typed code lives for its own slot of 60 s and one more. */
export const typedStepMs = 60_000;
const typedLength = 6;

export interface Token {
  /** The session's four characters. */
  readonly session: string;
  /** The slot modulo 2^20. */
  readonly slot: number;
  readonly mac: string;
}

export function slotAt(now: Instant, stepMs: number): number {
  return Math.floor(now / stepMs);
}

/** The session's short name, four characters, from 20 random bits. */
export function encodeSessionCode(bits: number): string {
  return encodeBase32(BigInt(bits), sessionLength);
}

function mac(secret: Uint8Array, session: string, slot: number): string {
  return encodeBytes(hmac(sha256, secret, utf8ToBytes(`code:${session}:${slot}`)), macLength);
}

/** The token that the board shows during `slot`: HMAC-SHA256 over session and slot under the session's secret. */
export function makeToken(secret: Uint8Array, session: string, slot: number): string {
  return (
    session + encodeBase32(BigInt(slot % slotModulus), slotLength) + mac(secret, session, slot)
  );
}

/** The parts of a scanned token; scanners may have lowered its case. */
export function parseToken(text: string): Token | Refusal {
  const token = normaliseBase32(text);
  if (token.length !== tokenLength || decodeBase32(token) === undefined)
    return refuse('code-malformed');
  return {
    session: token.slice(0, sessionLength),
    slot: decodeBase32(token.slice(sessionLength, sessionLength + slotLength)) as number,
    mac: token.slice(-macLength),
  };
}

export interface CodeWindow {
  readonly now: Instant;
  readonly stepMs: number;
  readonly graceMs: number;
}

/**
 * Is this a token of this secret, and may it still be used?
 * @returns the full slot and its age (ms since it ended; 0 while it is shown), or `code-unknown` where the MAC
 * is not ours, `code-expired` where it is ours but its slot is over or not yet shown.
 */
export function checkToken(
  secret: Uint8Array,
  token: Token,
  { now, stepMs, graceMs }: CodeWindow,
): { ok: true; slot: number; ageMs: number } | Refusal {
  const current = slotAt(now, stepMs);
  // the full slot is the one nearest to the present among those with these 20 bits
  let slot = current - (current % slotModulus) + token.slot;
  if (slot - current > slotModulus / 2) slot -= slotModulus;
  if (current - slot > slotModulus / 2) slot += slotModulus;
  if (!sameText(mac(secret, token.session, slot), token.mac)) return refuse('code-unknown');
  const ageMs = Math.max(0, now - (slot + 1) * stepMs);
  if (slot > current || ageMs > graceMs) return refuse('code-expired');
  return { ok: true, slot, ageMs };
}

/** The six characters that are typed instead of scanned, for the 60 s slot that `now` lies in. */
export function makeTypedCode(secret: Uint8Array, now: Instant): string {
  return typedCodeOf(secret, slotAt(now, typedStepMs));
}

function typedCodeOf(secret: Uint8Array, slot: number): string {
  return encodeBytes(hmac(sha256, secret, utf8ToBytes(`typed:${slot}`)), typedLength);
}

/** The typed codes that count at `now`: the current slot's and the previous one's. */
export function typedCodesAt(secret: Uint8Array, now: Instant): [string, string] {
  const slot = slotAt(now, typedStepMs);
  return [typedCodeOf(secret, slot), typedCodeOf(secret, slot - 1)];
}

/** What a person typed, as the code would be written; `code-malformed` where it cannot be one. */
export function parseTypedCode(typed: string): string | Refusal {
  const code = normaliseBase32(typed.slice(0, 64));
  return code.length === typedLength && decodeBase32(code) !== undefined
    ? code
    : refuse('code-malformed');
}

/** Equality without a time that depends on where the texts differ. */
export function sameText(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index += 1) {
    difference |= left.charCodeAt(index) ^ right.charCodeAt(index);
  }
  return difference === 0;
}
