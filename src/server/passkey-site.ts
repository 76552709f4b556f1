import { isIP } from 'node:net';
import type { PasskeyWays } from '../core/sign-in.wire.ts';

/** The site that passkeys made at this address belong to (WebAuthn's rpId), or why there can be none. */
export type Site =
  | { readonly ways: 'here'; readonly name: string }
  | { readonly ways: Exclude<PasskeyWays, 'here'> };

/**
 * Browsers make passkeys for names only, over TLS or at `localhost`.
 * @param origin of the request, as `trust.ts` judged it
 */
export function siteOf({ origin, secure }: { origin: string; secure: boolean }): Site {
  if (!secure || !URL.canParse(origin)) return { ways: 'insecure' };
  const { hostname } = new URL(origin);
  if (isIP(hostname.replace(/^\[|\]$/g, '')) > 0) return { ways: 'bare-address' };
  return { ways: 'here', name: hostname };
}
