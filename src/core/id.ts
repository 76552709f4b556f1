import type { Instant } from './brand.ts';
import type { Random } from './clock.ts';

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** A UUID version 7 (RFC 9562, section 5.7): 48 bits of time, 74 bits of randomness; sorts by time of making. */
export function makeId<Id extends string>(now: Instant, random: Random): Id {
  const bytes = new Uint8Array(16);
  bytes.set(random.bytes(10), 6);
  let time = now as number;
  for (let index = 5; index >= 0; index -= 1) {
    bytes[index] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = 0x70 | ((bytes[6] as number) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  let text = '';
  for (let index = 0; index < 16; index += 1) {
    if (index === 4 || index === 6 || index === 8 || index === 10) text += '-';
    text += hex[bytes[index] as number];
  }
  return text as Id;
}
