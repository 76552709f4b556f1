import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { loadOrCreateAuthority } from '../../src/server/authority.ts';
import { issueCertificate } from '../../src/server/certificate.ts';

/** A certificate for `localhost` in files, as an administrator has one for the site's name. */
export interface SiteCertificate extends AsyncDisposable {
  readonly certificateFile: string;
  readonly keyFile: string;
  /** PEM of the authority that signed it. */
  readonly authority: string;
}

export async function makeSiteCertificate(): Promise<SiteCertificate> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-cluster-tls-'));
  const now = Date.now();
  const authority = await loadOrCreateAuthority({ folder, now, hostname: 'cluster' });
  const issued = await issueCertificate({ authority, hostnames: [], addresses: [], now });
  const certificateFile = join(folder, 'fullchain.pem');
  const keyFile = join(folder, 'privkey.pem');
  await writeFile(certificateFile, issued.certificatePem);
  await writeFile(keyFile, issued.privateKeyPem, { mode: 0o600 });
  return {
    certificateFile,
    keyFile,
    authority: authority.certificatePem,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** From here on this process takes certificates of that authority, besides those it took before. */
export function trustAuthority(pem: string): void {
  setDefaultCACertificates([...getCACertificates('default'), pem]);
}
