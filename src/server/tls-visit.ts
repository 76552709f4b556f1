import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';

/** What a client that trusts only `ca` says about a real server: 'accepted', or the TLS error. */
export async function visit(
  server: { certificatePem: string; privateKeyPem: string },
  ca: string,
  { name, host = '127.0.0.1' }: { name: string; host?: string },
): Promise<string> {
  const listener = createServer({ cert: server.certificatePem, key: server.privateKeyPem });
  listener.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => listener.listen(0, host, resolve));
  const { port } = listener.address() as AddressInfo;
  let client: TLSSocket | undefined;
  const verdict = await new Promise<string>((resolve) => {
    const isName = /[a-z]/.test(name) && !name.includes(':');
    client = connect({ host, port, ca, ...(isName ? { servername: name } : {}) });
    client.once('secureConnect', () => resolve('accepted'));
    client.once('error', (error) => resolve(error.message));
    client.once('close', () => resolve('closed'));
  });
  const closed = new Promise((resolve) => listener.close(resolve));
  client?.destroy();
  await closed;
  return verdict;
}
