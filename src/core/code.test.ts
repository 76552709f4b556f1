import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Instant } from './brand.ts';
import {
  type CodeWindow,
  checkToken,
  encodeSessionCode,
  makeToken,
  parseToken,
  sameText,
  slotAt,
  type Token,
  tokenLength,
} from './code.ts';

const secret = new Uint8Array(32).fill(1);
const session = encodeSessionCode(0x9abcd);
const modulus = 2 ** 20;

const stepMs = fc.integer({ min: 1_000, max: 60_000 });
const graceMs = fc.integer({ min: 0, max: 120_000 });
const instant = fc.integer({ min: 1_600_000_000_000, max: 4_000_000_000_000 });

function check(text: string, window: { now: number; stepMs: number; graceMs: number }) {
  return checkToken(secret, parseToken(text) as Token, window as CodeWindow);
}

describe('the window of a code', () => {
  test('takes every slot within the grace and refuses every other', () => {
    fc.assert(
      fc.property(instant, stepMs, graceMs, (now, step, grace) => {
        const current = slotAt(now as Instant, step);
        const reach = Math.ceil(grace / step) + 2;
        for (let slot = current - reach; slot <= current + 2; slot += 1) {
          const over = now - (slot + 1) * step;
          const taken = slot <= current && over <= grace;
          expect(
            check(makeToken(secret, session, slot), { now, stepMs: step, graceMs: grace }),
          ).toEqual(
            taken
              ? { ok: true, slot, ageMs: Math.max(0, over) }
              : { ok: false, code: 'code-expired' },
          );
        }
      }),
    );
  });

  test('ends at the exact millisecond', () => {
    const shown = makeToken(secret, session, 400_000_000);
    const end = 400_000_001 * 5_000;
    const at = (now: number) => check(shown, { now, stepMs: 5_000, graceMs: 10_000 });
    expect(at(end - 5_001)).toEqual({ ok: false, code: 'code-expired' });
    expect(at(end - 5_000)).toEqual({ ok: true, slot: 400_000_000, ageMs: 0 });
    expect(at(end + 10_000)).toEqual({ ok: true, slot: 400_000_000, ageMs: 10_000 });
    expect(at(end + 10_001)).toEqual({ ok: false, code: 'code-expired' });
  });

  test('holds where the four characters of the slot start anew', () => {
    const round = fc.integer({ min: 30, max: 3_000 });
    fc.assert(
      fc.property(
        round,
        stepMs,
        fc.integer({ min: -3, max: 3 }),
        fc.nat(3),
        (turn, step, off, back) => {
          const current = turn * modulus + off;
          const slot = current - back;
          const window = { now: current * step, stepMs: step, graceMs: 2 * step };
          expect(check(makeToken(secret, session, slot), window)).toEqual(
            back > 3
              ? { ok: false, code: 'code-expired' }
              : { ok: true, slot, ageMs: Math.max(0, back - 1) * step },
          );
        },
      ),
    );
  });

  test('knows a slot again only in its own round of 2^20', () => {
    const slot = 400_000_000;
    const later = { now: (slot + modulus) * 5_000, stepMs: 5_000, graceMs: 10_000 };
    expect(check(makeToken(secret, session, slot), later)).toMatchObject({ code: 'code-unknown' });
  });

  test('calls a code expired, not unknown, where the clock was set back or long ago', () => {
    const shift = fc.integer({ min: 121, max: modulus / 2 - 1 });
    fc.assert(
      fc.property(instant, stepMs, shift, fc.boolean(), (now, step, slots, back) => {
        const slot = slotAt(now as Instant, step) + (back ? slots : -slots);
        const window = { now, stepMs: step, graceMs: 10_000 };
        const token = makeToken(secret, session, slot);
        expect(check(token, window)).toEqual({ ok: false, code: 'code-expired' });
      }),
    );
  });
});

describe('a token', () => {
  const slot = fc.integer({ min: 0, max: 4_000_000_000 });

  test('survives lower case, gaps and the letters O, I and L', () => {
    fc.assert(
      fc.property(slot, fc.boolean(), fc.constantFrom('I', 'L'), (number, lower, one) => {
        const token = makeToken(secret, session, number);
        const read = token.replaceAll('0', 'O').replaceAll('1', one);
        const typed = ` ${read.slice(0, 4)}-${read.slice(4)}\n`;
        expect(parseToken(lower ? typed.toLowerCase() : typed)).toEqual(parseToken(token));
        expect(parseToken(token)).toMatchObject({ session, slot: number % modulus });
      }),
    );
  });

  test('is unknown with any one character changed, or under another secret', () => {
    const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    const place = fc.nat(tokenLength - 1);
    fc.assert(
      fc.property(place, fc.constantFrom(...alphabet), (index, other) => {
        const token = makeToken(secret, session, 400_000_000);
        fc.pre(token[index] !== other);
        const window = { now: 400_000_000 * 5_000, stepMs: 5_000, graceMs: 10_000 };
        const changed = token.slice(0, index) + other + token.slice(index + 1);
        expect(check(changed, window)).toEqual({ ok: false, code: 'code-unknown' });
        const foreign = makeToken(new Uint8Array(32), session, 400_000_000);
        expect(check(foreign, window)).toEqual({ ok: false, code: 'code-unknown' });
      }),
    );
  });

  test.each(['', '0', '0'.repeat(15), '0'.repeat(17), 'U'.repeat(16), '😀'.repeat(8)])(
    'is malformed as %j',
    (text) => {
      expect(parseToken(text)).toEqual({ ok: false, code: 'code-malformed' });
    },
  );
});

test('texts are the same or not, wherever they differ', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (left, right) => {
      expect(sameText(left, right)).toBe(left === right);
      expect(sameText(left, `${left}`)).toBe(true);
      expect(sameText(`${left}a`, `${left}b`)).toBe(false);
    }),
  );
});
