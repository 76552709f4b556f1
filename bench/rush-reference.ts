import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { CompiledQuery } from 'kysely';
import { GroupCommit } from '../src/store/group-commit.ts';
import { SqliteConnection } from '../src/store/sqlite-connection.ts';

/**
 * The reference: bare Fastify, the same driver in its thread, the same cipher and durability, the same group commit,
 * and nothing else than one insert per request.
 */
const path = join(mkdtempSync(join(tmpdir(), 'muster-reference-')), 'reference.db');
const connection = new SqliteConnection({
  path,
  key: randomBytes(32).toString('hex'),
  readonly: false,
  synchronous: 'FULL',
});
const run = (sql: string) => connection.executeQuery(CompiledQuery.raw(sql));
await run('create table entry (id text primary key, number text not null, at integer not null)');
const commit = new GroupCommit(async (rows: readonly (readonly unknown[])[]) => {
  connection.begin();
  connection
    .executeMany('insert into entry (id, number, at) values (?, ?, ?)', rows)
    .catch(() => {});
  await connection.commit();
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
process.send?.({ port });
process.on('message', (message) => {
  if (message === 'usage')
    process.send?.({ usage: process.cpuUsage(), peakKb: process.resourceUsage().maxRSS });
  if (message === 'stop') process.exit(0);
});
