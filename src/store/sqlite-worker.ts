import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3-multiple-ciphers';
import { encodeCells } from './backup-page.ts';
import type {
  PageWanted,
  SqliteCall,
  SqliteOpening,
  SqlitePage,
  SqliteReply,
} from './sqlite-wire.ts';

/**
 * One connection in a thread of its own. Calls of a message run in order. After an error inside a transaction
 * everything is refused until its rollback, so calls may be sent ahead without waiting for answers.
 */
const { path, key, readonly, synchronous } = workerData as SqliteOpening;
const port = parentPort as NonNullable<typeof parentPort>;
const db = new Database(path, { readonly });
db.pragma(`cipher='chacha20'`);
db.pragma(`key='raw:${key}'`);
db.pragma('busy_timeout=5000');
if (!readonly) {
  db.pragma('journal_mode=WAL');
  db.pragma(`synchronous=${synchronous}`);
  db.pragma('wal_autocheckpoint=5000');
}
db.pragma('cache_size=-16384');
db.pragma('temp_store=MEMORY');

type Statement = Database.Statement<unknown[]>;
const statements = new Map<string, Statement>();
interface Failure {
  readonly code: string;
  readonly message: string;
}
/** The transaction that is open, and the error that spoiled it: whatever was sent after it fails likewise. */
let current = 0;
let spoiled: Failure | null = null;

function prepared(sql: string): Statement {
  let statement = statements.get(sql);
  if (!statement) {
    statement = db.prepare<unknown[]>(sql);
    if (statement.reader) statement.raw(true);
    if (statements.size > 500) statements.clear();
    statements.set(sql, statement);
  }
  return statement;
}

function run(call: SqliteCall): SqliteReply {
  try {
    if (call.sql === 'begin immediate') begin(call.transaction);
    else if (call.transaction !== current) return { error: stray };
    if (call.sql === 'rollback') {
      end();
      return { changes: 0 };
    }
    if (spoiled) throw Object.assign(new Error(spoiled.message), { code: spoiled.code });
    const result = execute(call);
    if (call.sql === 'commit') end();
    return result;
  } catch (error) {
    const { code = 'ERROR', message } = error as { code?: string; message: string };
    spoiled = call.transaction === 0 ? null : { code, message };
    if (call.sql === 'commit') end();
    return { error: { code, message } };
  }
}

const stray: Failure = { code: 'STRAY', message: 'the transaction is over' };

function begin(transaction: number): void {
  end();
  current = transaction;
}

/** Undoes what a transaction that did not commit has left. */
function end(): void {
  current = 0;
  spoiled = null;
  if (db.inTransaction) db.exec('rollback');
}

function execute(call: SqliteCall): SqliteReply {
  const statement = prepared(call.sql);
  if (call.many) {
    for (const params of call.params) statement.run(...(params as unknown[]));
    return { changes: call.params.length };
  }
  if (call.page) return { page: readPage(statement, call.params, call.page) };
  if (statement.reader) {
    const rows = statement.all(...call.params) as unknown[][];
    return { columns: statement.columns().map((column) => column.name), rows };
  }
  return { changes: statement.run(...call.params).changes };
}

function readPage(
  statement: Statement,
  params: readonly unknown[],
  { table, key }: PageWanted,
): SqlitePage {
  const rows = statement.all(...params) as unknown[][];
  const columns = statement.columns().map((column) => column.name);
  const end = rows.at(-1);
  const last = end ? key.map((name) => end[columns.indexOf(name)]) : null;
  const data = encodeCells(table, columns, rows) as Buffer<ArrayBuffer>;
  return { data, rows: rows.length, last };
}

/** What is handed over instead of copied. */
const handedOver = (replies: readonly SqliteReply[]): ArrayBuffer[] =>
  replies.flatMap((reply) => ('page' in reply ? reply.page.data.buffer : []));

port.on('message', (message: { calls: SqliteCall[] } | 'close') => {
  if (message === 'close') {
    db.close();
    port.postMessage('closed');
    port.close();
    return;
  }
  const replies = message.calls.map(run);
  port.postMessage(replies, handedOver(replies));
});
