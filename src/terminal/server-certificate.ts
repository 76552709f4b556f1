import { type ConnectionOptions, connect, type DetailedPeerCertificate } from 'node:tls';

/** The certificate that a server shows: the last of its chain, which stays when the server's own is renewed. */
export interface ShownCertificate {
  /** SHA-256, `AA:BB:...`: the same as on the server's settings page. */
  readonly fingerprint: string;
  readonly pem: string;
  /** The system trusts it anyway. */
  readonly trusted: boolean;
}

const handshakeMs = 10_000;

/**
 * Looks at a server's certificate and sends nothing.
 * @throws an error of the network or of TLS
 */
export async function readServerCertificate(origin: string): Promise<ShownCertificate> {
  const { authorized, chain } = await shakeHands(origin, { rejectUnauthorized: false });
  const last = chain.at(-1);
  if (!last) throw new Error('the server shows no certificate');
  return {
    fingerprint: last.fingerprint256,
    pem: `-----BEGIN CERTIFICATE-----\n${last.raw.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    trusted: authorized,
  };
}

/**
 * Whether the server still shows a chain that holds the pinned certificate.
 * @throws an error of the network
 */
export async function isStillPinned(origin: string, pem: string): Promise<boolean> {
  try {
    await shakeHands(origin, { ca: [pem], allowPartialTrustChain: true });
    return true;
  } catch (error) {
    if (isNetworkError(error)) throw error;
    return false;
  }
}

const isNetworkError = (error: unknown): boolean =>
  /^(E[A-Z]+|ERR_SOCKET.*)$/.test((error as NodeJS.ErrnoException).code ?? '') &&
  !(error as NodeJS.ErrnoException).code?.startsWith('ERR_TLS');

function shakeHands(
  origin: string,
  options: ConnectionOptions,
): Promise<{ authorized: boolean; chain: DetailedPeerCertificate[] }> {
  const { hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  const { promise, resolve, reject } = Promise.withResolvers<{
    authorized: boolean;
    chain: DetailedPeerCertificate[];
  }>();
  const isName = /[a-z]/i.test(host) && !host.includes(':');
  const socket = connect({
    host,
    port: Number(port || 443),
    ...(isName ? { servername: host } : {}),
    ...options,
  });
  socket.setTimeout(handshakeMs, () =>
    socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
  );
  socket.once('error', reject);
  socket.once('secureConnect', () => {
    resolve({ authorized: socket.authorized, chain: chainOf(socket.getPeerCertificate(true)) });
    socket.destroy();
  });
  return promise;
}

function chainOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  let next: DetailedPeerCertificate | undefined = leaf;
  while (
    next?.raw &&
    !chain.some(({ fingerprint256 }) => fingerprint256 === next?.fingerprint256)
  ) {
    chain.push(next);
    next = next.issuerCertificate;
  }
  return chain;
}
