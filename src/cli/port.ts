import { createServer } from 'node:net';

/**
 * Tries whether a port can be had, before anything is made or changed.
 * @throws the system's error with `port`, such as EADDRINUSE
 */
export async function tryPort(host: string, port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}
