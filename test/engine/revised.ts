// A way to a server that tells something else about itself than is true.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { Transform } from 'node:stream';

export interface Revised extends AsyncDisposable {
  readonly port: number;
}

/** Forwards to a port of loopback; in what comes back one text is replaced by another of the same length. */
export async function startRevised(to: number, text: string, by: string): Promise<Revised> {
  if (text.length !== by.length) throw new Error('lengths differ');
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    const revise = new Transform({
      transform(chunk: Buffer, _, done) {
        done(null, Buffer.from(chunk.toString('latin1').replaceAll(text, by), 'latin1'));
      },
    });
    near.pipe(far);
    far.pipe(revise).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}
