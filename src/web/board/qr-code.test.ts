import { encode } from 'uqr';
import { expect, it } from 'vitest';
import { codeText, qrPath } from './qr-code.tsx';

const side = (version: number) => 17 + 4 * version + 8;

it.each([
  ['http://10.0.0.7:8080/ABCDEFGHJKMNPQRS', 2],
  ['http://192.168.178.123:8080/ABCDEFGHJKMNPQRS', 2],
  ['https://muster.example.org/ABCDEFGHJKMNPQRS', 2],
  ['https://attendance.faculty.university.example/ABCDEFGHJKMNPQRS', 3],
])('%s fits version %i', (url, version) => {
  expect(qrPath(url).side).toBe(side(version));
});

it('draws every dark module and no other', () => {
  const url = 'http://10.0.0.7:8080/ABCDEFGHJKMNPQRS';
  const { data } = encode(codeText(url), { ecc: 'M', minVersion: 2, border: 0 });
  const dark = data.flat().filter(Boolean).length;
  const drawn = [...qrPath(url).path.matchAll(/h(\d+)v1/g)].map(([, width]) => Number(width));
  expect(drawn.reduce((sum, width) => sum + width, 0)).toBe(dark);
});
