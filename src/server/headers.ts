/** Security headers that every answer carries; pages bring their own content security policy. */
const common: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(self), geolocation=(), microphone=()',
  'cache-control': 'no-store',
};

const nothing = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** For the app's pages: everything from here, images also as data (the QR code). */
export const appPolicy =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/**
 * Headers per kind of listener. The plain one never promises TLS: no Strict-Transport-Security and no upgrade of
 * requests, or phones could not use it any more. Ours is no public name, so its promise lasts a day.
 */
export const plainHeaders: Readonly<Record<string, string>> = {
  ...common,
  'content-security-policy': nothing,
};
