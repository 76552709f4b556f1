import { createHmac, timingSafeEqual } from 'node:crypto';
import { encodeBytes } from '../core/base32.ts';
import type { PersonId } from '../core/brand.ts';
import type { Random } from '../core/clock.ts';

const idLength = 16;
const markLength = 20;
/** A shared computer remembers this many accounts. */
const maxMarks = 5;

/**
 * The cookie of a browser that has signed in here before: its own id and one mark per account, HMAC of both under the
 * server's key. It names nobody and opens nothing; it only keeps strangers' wrong passwords from locking out the owner.
 */
function markOf(key: Uint8Array, device: string, person: string): string {
  const mac = createHmac('sha256', key).update(`device:${device}:${person}`).digest();
  return encodeBytes(mac, markLength);
}

function read(cookie: string | undefined): { device: string; marks: string[] } | null {
  if (!cookie || cookie.length > 200) return null;
  const [device = '', ...marks] = cookie.split('.');
  const whole = device.length === idLength && marks.every((mark) => mark.length === markLength);
  return whole ? { device, marks } : null;
}

/** The id of the browser, where the cookie shows that this person has signed in with it; else null. */
export function knownDevice(
  key: Uint8Array,
  cookie: string | undefined,
  person: PersonId,
): string | null {
  const found = read(cookie);
  if (!found) return null;
  const mark = Buffer.from(markOf(key, found.device, person));
  const known = found.marks.some((shown) => {
    const bytes = Buffer.from(shown);
    return bytes.length === mark.length && timingSafeEqual(bytes, mark);
  });
  return known ? found.device : null;
}

/** The cookie after this person has signed in with the browser. */
export function rememberDevice(
  key: Uint8Array,
  cookie: string | undefined,
  person: PersonId,
  random: Random,
): string {
  const { device, marks } = read(cookie) ?? {
    device: encodeBytes(random.bytes(10), idLength),
    marks: [],
  };
  const mark = markOf(key, device, person);
  return [device, mark, ...marks.filter((other) => other !== mark).slice(0, maxMarks - 1)].join(
    '.',
  );
}
