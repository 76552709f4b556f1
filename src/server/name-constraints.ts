import type { X509Certificate } from 'node:crypto';
import { isInRanges, localRanges, rangesOf } from './address.ts';
import { loadX509, tlv } from './x509.ts';

const permittedRanges = Object.values(localRanges).flat();
const permittedAddresses = rangesOf(permittedRanges);

/**
 * The name constraints of an authority (RFC 5280 section 4.2.1.10): it may vouch only for
 * `localhost`, `.local` names, this machine's name and local addresses.
 */
export async function nameConstraints(hostname: string) {
  const x509 = await loadX509();
  const names = new Set(['localhost', 'local', ...(isHostname(hostname) ? [hostname] : [])]);
  const addressSubtree = (range: string) =>
    tlv(0x30, Buffer.from(new x509.GeneralName('ip', range).rawData));
  const subtrees = [...[...names].map(nameSubtree), ...permittedRanges.map(addressSubtree)];
  return new x509.Extension('2.5.29.30', true, tlv(0x30, tlv(0xa0, Buffer.concat(subtrees))));
}

/** Whether an authority's own name constraints permit a name. */
export function permitsName({ raw }: X509Certificate, name: string): boolean {
  return (
    isHostname(name) &&
    name.split('.').some((_, at, labels) => raw.includes(nameSubtree(labels.slice(at).join('.'))))
  );
}

/** Whether the name constraints of every authority of ours permit an address. */
export function permitsAddress(address: string): boolean {
  return isInRanges(permittedAddresses, address);
}

/** One GeneralSubtree of a name constraint; it permits the name itself and all below it. */
function nameSubtree(name: string): Buffer {
  return tlv(0x30, tlv(0x82, Buffer.from(name, 'ascii')));
}

function isHostname(name: string): boolean {
  return name.split('.').every((label) => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/.test(label));
}
