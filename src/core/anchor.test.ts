import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Anchor,
  readAnchor,
  readFingerprint,
  writeAnchor,
  writeFingerprint,
  writeSignature,
} from './anchor.ts';

const hex = (length: number) =>
  fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`)).filter((text) => text.length === length);
const anchor: fc.Arbitrary<Anchor> = fc.record({
  organisation: fc.constant('ABCDEFGH'),
  madeAt: fc.constant('2026-11-23T08:00:00.000Z'),
  key: fc.constant('k'.repeat(43)),
  after: fc.option(hex(64)),
  heads: fc.array(
    fc.record({
      stream: fc.constantFrom('organisation', 'people', 'session:0-1'),
      seq: fc.nat(),
      hash: hex(64),
    }),
    { maxLength: 5 },
  ),
});
const signature = 's'.repeat(86);

describe('an anchor as text', () => {
  test('is read back as it was written, also with other line ends', () => {
    fc.assert(
      fc.property(anchor, (made) => {
        const text = writeAnchor(made) + writeSignature(signature);
        expect(readAnchor(text)).toEqual({ anchor: made, signature });
        expect(readAnchor(text.replaceAll('\n', ' \r\n'))).toEqual({ anchor: made, signature });
        expect(readAnchor(text.split('\n').slice(1).join('\n'))).toBeNull();
      }),
    );
  });
});

describe('a fingerprint', () => {
  test('is found in a mail that was wrapped, quoted or sent on, and on paper', () => {
    fc.assert(
      fc.property(hex(64), (digest) => {
        const groups = writeFingerprint(digest).split(' ');
        const lines = [groups.slice(0, 8).join(' '), groups.slice(8).join(' ')];
        const mail = `Anchor made 2026-11-23 04:00\n\n  ${lines.join('\n  ')}\n\n12 streams`;
        for (const text of [
          digest,
          groups.join(' '),
          groups.join('-').toUpperCase(),
          mail,
          mail.replaceAll('\n', '\r\n> '),
        ]) {
          expect(readFingerprint(text)).toBe(digest);
        }
        expect(readFingerprint(groups.slice(1).join(' '))).toBeNull();
        expect(readFingerprint(`${digest}0`)).toBeNull();
      }),
    );
  });
});
