import { hostname } from 'node:os';
import { listAddresses } from '../server/address.ts';
import {
  type Authority,
  loadOrCreateAuthority,
  loadOrIssueCertificate,
  presentAuthority,
  readTlsFiles,
} from '../server/authority.ts';
import type { TlsFiles } from '../server/listen.ts';
import { Refused } from './failure.ts';

/** What the HTTPS listener shows, and whether browsers know who signed it. */
export interface Certificate {
  readonly tls: TlsFiles;
  /** Our own authority; null where the files were given. */
  readonly authority: Authority | null;
}

/**
 * The certificate of the HTTPS listener: the given files, else one of the installation's own authority for all names
 * and addresses of this machine.
 * @throws Refused, AuthorityDamaged
 */
export async function loadCertificate(
  given: { readonly cert: string; readonly key: string } | null,
  keyFolder: string,
  now: number,
): Promise<Certificate> {
  if (given) {
    const files = await readTlsFiles(given.cert, given.key, now);
    if (!files.ok) throw new Refused(files.sentence);
    return { tls: files, authority: null };
  }
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
