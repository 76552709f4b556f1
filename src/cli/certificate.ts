import { hostname } from 'node:os';
import { listAddresses } from '../server/address.ts';
import { type Authority, loadOrCreateAuthority, presentAuthority } from '../server/authority.ts';
import { loadOrIssueCertificate } from '../server/certificate.ts';
import type { TlsFiles } from '../server/listen.ts';
import { readTlsFiles } from '../server/tls-files.ts';
import { Refused } from './failure.ts';

/** What the HTTPS listener shows, and whether browsers know who signed it. */
export interface Certificate {
  readonly tls: TlsFiles;
  /** Our own authority; null where the files were given. */
  readonly authority: Authority | null;
}

/**
 * A certificate of the user's own.
 * @throws Refused where it cannot be used
 */
export async function readCertificate(
  { cert, key }: { readonly cert: string; readonly key: string },
  now: number,
): Promise<Certificate> {
  const files = await readTlsFiles(cert, key, now);
  if (!files.ok) throw new Refused(files.sentence, 'failed');
  return { tls: files, authority: null };
}

/**
 * A certificate of the installation's own authority for all names and addresses of this machine.
 * @throws AuthorityDamaged
 */
export async function issueCertificate(keyFolder: string, now: number): Promise<Certificate> {
  const authority = await loadOrCreateAuthority({ folder: keyFolder, now });
  const name = hostname();
  const tls = await loadOrIssueCertificate({
    authority,
    hostnames: name.endsWith('.local') ? [name] : [name, `${name}.local`],
    addresses: listAddresses()
      .filter(({ kind }) => kind === 'lan')
      .map(({ address }) => address),
    folder: keyFolder,
    now,
  });
  return { tls, authority };
}

/** The part of the authority's fingerprint that people compare. */
export const fingerprintOf = (authority: Authority): string =>
  presentAuthority(authority).shortFingerprint;
