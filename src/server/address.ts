import { BlockList, isIP, SocketAddress } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { startWatch, systemTimers, type Timers, type Watch } from './wall-clock.ts';

/** What an address is good for: only `lan` ones can be offered to phones. */
export type AddressKind = 'lan' | 'link-local' | 'loopback' | 'virtual';

/** One address of this machine; `name` is that of its network interface. */
export interface Address {
  address: string;
  family: 'IPv4' | 'IPv6';
  name: string;
  kind: AddressKind;
}

/** Ranges that never leave a machine or a site (RFC 1122, 1918, 3927, 4193, 4291), as CIDR. */
export const localRanges = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
  linkLocal: ['169.254.0.0/16', 'fe80::/10'],
} as const;

const loopback = rangesOf(localRanges.loopback);
const privateNetworks = rangesOf(localRanges.private);
const linkLocal = rangesOf(localRanges.linkLocal);

const virtualName =
  /^(docker|br-|veth|virbr|vmnet|vboxnet|vnet|vnic|tun|tap|utun|wg|ppp|ipsec|tailscale|zt|lxc|lxd|incus|cni|flannel|cali|cilium|kube|podman|awdl|llw|anpi|gif|stf|vethernet|vmware|virtualbox|zerotier|openvpn|wireguard|teredo|isatap)/i;

const kindOrder: readonly AddressKind[] = ['lan', 'link-local', 'loopback', 'virtual'];

/**
 * The addresses of this machine, best for a QR code first: those of a local network before
 * link-local, loopback and virtual ones (containers, virtual machines, tunnels); IPv4 before IPv6;
 * private before public; else in the order of the operating system.
 */
export function listAddresses(
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): Address[] {
  const found = Object.entries(interfaces).flatMap(([name, infos = []]) =>
    infos.map(({ address, family, internal }): Address => {
      return { address, family, name, kind: kindOf(name, address, internal) };
    }),
  );
  return found.sort((a, b) => rank(a) - rank(b));
}

/** Whether the address is this machine itself: 127.0.0.0/8, ::1, also written as IPv6-mapped. */
export function isLoopback(address: string): boolean {
  return isInRanges(loopback, address);
}

/**
 * The origin of a URL, as a browser writes it: IPv6 in brackets and without zone, the default
 * port left out.
 *
 * @param address an IP address or a host name
 */
export function originOf(scheme: 'http' | 'https', address: string, port: number): string {
  const bare = address.split('%')[0] ?? '';
  const host = isIP(bare) === 6 ? `[${bare}]` : bare;
  return port === (scheme === 'http' ? 80 : 443)
    ? `${scheme}://${host}`
    : `${scheme}://${host}:${port}`;
}

/** The one way to write an IP address: no zone, shortest form, IPv6-mapped as plain IPv4. */
export function plainAddress(text: string): string | undefined {
  const bare = text.split('%')[0] ?? '';
  if (isIP(bare) !== 6) return isIP(bare) === 4 ? bare : undefined;
  const { address } = new SocketAddress({ address: bare, family: 'ipv6' });
  return /^::ffff:([\d.]+)$/.exec(address)?.[1] ?? address;
}

/** Prepares CIDR ranges for {@link isInRanges}. */
export function rangesOf(cidrs: readonly string[]): BlockList {
  const ranges = new BlockList();
  for (const cidr of cidrs) {
    const [network = '', prefix] = cidr.split('/');
    ranges.addSubnet(network, Number(prefix), isIP(network) === 4 ? 'ipv4' : 'ipv6');
  }
  return ranges;
}

/** Whether an address lies in the ranges; what is not an IP address never does. */
export function isInRanges(ranges: BlockList, address: string): boolean {
  const plain = plainAddress(address);
  return plain !== undefined && ranges.check(plain, isIP(plain) === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Reads the addresses again and again and says which came and went. A reading that throws (an
 * operating system short of handles) is left out, and the next one is compared with the last good.
 *
 * @param everyMs time between two readings, in ms
 */
export function watchAddresses(options: {
  read?: () => Address[];
  everyMs: number;
  onChange: (change: { added: Address[]; removed: Address[]; addresses: Address[] }) => void;
  timers?: Timers;
}): Watch {
  const { read = listAddresses, everyMs, onChange, timers = systemTimers } = options;
  let known = read();
  return startWatch(timers, everyMs, () => {
    const addresses = readOrUndefined(read);
    if (!addresses) return;
    const added = without(addresses, known);
    const removed = without(known, addresses);
    known = addresses;
    if (added.length > 0 || removed.length > 0) onChange({ added, removed, addresses });
  });
}

function kindOf(name: string, address: string, internal: boolean): AddressKind {
  if (internal || isLoopback(address)) return 'loopback';
  if (virtualName.test(name)) return 'virtual';
  return isInRanges(linkLocal, address) ? 'link-local' : 'lan';
}

function rank({ address, family, kind }: Address): number {
  const isPublic = kind === 'lan' && !isInRanges(privateNetworks, address);
  return kindOrder.indexOf(kind) * 4 + (family === 'IPv4' ? 0 : 2) + (isPublic ? 1 : 0);
}

function readOrUndefined(read: () => Address[]): Address[] | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function without(addresses: Address[], others: Address[]): Address[] {
  const keys = new Set(others.map(keyOf));
  return addresses.filter((address) => !keys.has(keyOf(address)));
}

function keyOf({ name, address }: Address): string {
  return `${name} ${address}`;
}

/** An IPv6 network of 64 bits is one household or one machine: its owner has all its addresses. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('::', 2);
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  const groups = tail === undefined ? left : [...left, ...zeros, ...right];
  return `${groups.slice(0, 4).join(':')}::`;
}
