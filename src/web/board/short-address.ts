/** An origin as it is typed by hand: without `http://`, which browsers add themselves. */
export function shortAddress(origin: string): string {
  if (origin.startsWith('http://')) return origin.slice('http://'.length);
  return /:\d+$/.test(origin) ? origin : origin.replace(/^https:\/\//, '');
}
