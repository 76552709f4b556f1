import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { startTestServer } from './app.ts';
import { freePort } from './cluster/free-port.ts';

test('a start that fails after it began to listen gives its port back, so that the process can end', async () => {
  const port = await freePort();
  const bus = () => Promise.reject(new Error('no bus today'));
  await expect(startTestServer({ config: { port }, bus })).rejects.toThrow('no bus today');
  const next = createServer().listen(port, '127.0.0.1');
  await once(next, 'listening');
  next.close();
  await once(next, 'close');
});
