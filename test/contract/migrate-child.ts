// One process that brings a database to the newest schema: `migrate-child.ts ADDRESS [STATEMENTS]`. It waits for a line
// on stdin, and tells the version it found. With a number of statements it is killed before the next one.
import { once } from 'node:events';
import type { KyselyPlugin } from 'kysely';
import type { DatabaseAddress } from '../../src/store/database-address.ts';
import type { Engine, Tx } from '../../src/store/engine.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openEngine } from './open-engine.ts';

const [address = '', statements] = process.argv.slice(2);
const engine = await openEngine(JSON.parse(address) as DatabaseAddress);
process.stdout.write('ready\n');
await once(process.stdin, 'data');
process.stdin.destroy();
const found = await migrate(statements === undefined ? engine : cut(engine, Number(statements)));
process.stdout.write(`${found}\n`);
await engine[Symbol.asyncDispose]();

function cut(whole: Engine, after: number): Engine {
  let left = after;
  const counting: KyselyPlugin = {
    transformQuery({ node }) {
      left -= 1;
      if (left < 0) process.kill(process.pid, 'SIGKILL');
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  return { ...whole, write: (work) => whole.write((tx) => work(tx.withPlugin(counting) as Tx)) };
}
