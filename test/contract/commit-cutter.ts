// A way to a database server on which the answer to one commit is lost.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import type { DatabaseAddress, ServerAddress } from '../../src/store/database-address.ts';

/** The command byte of a query, and the query. */
const commitQuery = `${String.fromCharCode(3)}commit`;

export interface CommitCutter extends AsyncDisposable {
  /** A database of the server by this way. */
  by(address: DatabaseAddress): DatabaseAddress;
  /** How many answers were lost. */
  readonly cuts: () => number;
  /** Of the next commit the server is told, and nobody of its answer: the connection ends instead. */
  cutNext(): void;
}

/** @param to a database on the server that is meant */
export async function startCutter(to: ServerAddress): Promise<CommitCutter> {
  let armed = false;
  let cuts = 0;
  const server = createServer((near) => {
    const far = connect(to.hosts[0]?.port ?? 0, '127.0.0.1');
    let asked = false;
    near.on('data', (chunk) => {
      // MariaDB is asked in words
      if (armed && chunk.toString('latin1').endsWith(commitQuery)) asked = true;
      far.write(chunk);
    });
    far.on('data', (chunk) => {
      // PostgreSQL says what it did
      const committed = to.engine === 'postgres' ? chunk.includes('COMMIT\0') : asked;
      if (!armed || !committed) {
        near.write(chunk);
        return;
      }
      armed = false;
      cuts += 1;
      near.destroy();
      far.destroy();
    });
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
    near.on('close', () => far.end());
    far.on('close', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    by: (address) =>
      address.engine === 'sqlite' ? address : { ...address, hosts: [{ host: '127.0.0.1', port }] },
    cuts: () => cuts,
    cutNext() {
      armed = true;
    },
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}
