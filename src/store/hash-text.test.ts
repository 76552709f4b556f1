import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestPayload } from '../core/ledger.ts';
import { portableMac } from '../core/mac.ts';
import { hashText, platformMac } from './hash-text.ts';

const anyText = fc.string({ unit: 'binary' });

test('the platform hashes any text as the portable hash does', () => {
  fc.assert(
    fc.property(anyText, anyText, (salt, data) => {
      expect(digestPayload(salt, data, hashText)).toBe(digestPayload(salt, data));
    }),
  );
});

test('the platform signs any text under any key as the portable code does', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), anyText, (key, text) => {
      expect(Buffer.from(platformMac(key, text)).toString('hex')).toBe(
        Buffer.from(portableMac(key, text)).toString('hex'),
      );
    }),
  );
});
