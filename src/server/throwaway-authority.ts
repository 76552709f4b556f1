import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Authority, loadOrCreateAuthority } from './authority.ts';
import type { CertificateWish } from './certificate.ts';

/** TLS itself looks at the machine's clock, so these certificates are made for the real present. */
export const now = Date.now();

/** A key folder of its own with an authority of `Lecture-PC`, for tests. */
export interface ThrowawayAuthority extends AsyncDisposable {
  readonly folder: string;
  /** The path of a file in it. */
  at(name: string): string;
  /** Makes the authority, or reads it where it is made already. */
  make(): Promise<Authority>;
}

export async function openThrowawayAuthority(): Promise<ThrowawayAuthority> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-authority-'));
  return {
    folder,
    at: (name) => join(folder, name),
    make: () => loadOrCreateAuthority({ folder, now, hostname: 'Lecture-PC' }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** What a test's certificate is to hold for. */
export function wish(
  authority: Authority,
  addresses: string[] = [],
  hostnames = ['lecture-pc'],
): CertificateWish {
  return { authority, hostnames, addresses, now };
}
