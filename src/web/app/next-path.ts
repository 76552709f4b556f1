const start = '/app/';

/**
 * Where to go after signing in: only a path of these pages. Anything else (`//host`, a backslash, another origin, a
 * path that climbs out) leads to the start page.
 */
export function checkNextPath(next: string | undefined): string {
  if (!next?.startsWith(start)) return start;
  if (/[\\\s\p{Cc}]/u.test(next)) return start;
  const url = new URL(next, 'https://muster.invalid');
  const inside = url.origin === 'https://muster.invalid' && url.pathname.startsWith(start);
  return inside && url.pathname !== '/app/sign-in' ? url.pathname + url.search : start;
}
