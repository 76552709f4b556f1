import Fastify from 'fastify';
import { GroupCommit } from '../src/store/group-commit.ts';
import { hearTask, serveParent } from './child-side.ts';
import { type EntryTable, openEntries } from './rush-entries.ts';

/**
 * The reference: bare Fastify, the same driver, the same durability, the same group commit, and nothing else than one
 * insert per request.
 */
const { place } = await hearTask();
const entries: EntryTable = await openEntries(place);
const commit = new GroupCommit(async (rows: readonly (readonly unknown[])[]) => {
  await entries.insert(rows);
  return rows.map(() => true);
});

const http = Fastify();
http.post('/api/check-in', async (request) => {
  const { attempt, number } = request.body as { attempt: string; number: string };
  await commit.submit([attempt, number, Date.now()]);
  return { ok: true };
});
await http.listen({ port: 0, host: '127.0.0.1' });
const { port } = http.server.address() as { port: number };
serveParent({ port, token: '', readyMs: 0 }, async () => {
  await http.close();
  await entries.close();
});
