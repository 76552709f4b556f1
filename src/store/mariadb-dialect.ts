import {
  type CompiledQuery,
  type CreateTableNode,
  type DatabaseConnection,
  type Dialect,
  type Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { StatementResult } from './mariadb-value.ts';

/** Runs one statement, wherever it belongs. */
export type RunStatement = (text: string, values: readonly unknown[]) => Promise<StatementResult>;

/** Tables are what we rely on, whatever the server's and the database's defaults are. */
const tableEnd =
  ' engine=InnoDB row_format=dynamic default charset=utf8mb4 collate=utf8mb4_nopad_bin';

class MariadbCompiler extends MysqlQueryCompiler {
  protected override visitCreateTable(node: CreateTableNode): void {
    super.visitCreateTable(node);
    this.append(tableEnd);
  }
}

const adapter = new MysqlAdapter();

/** Kysely over statements that something else gives to connections: transactions are the engine's own business. */
export function mariadbDialect(run: RunStatement): Dialect {
  const connection: DatabaseConnection = {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const { rows, affected } = await run(sql, parameters);
      return { rows: rows as R[], numAffectedRows: BigInt(affected) };
    },
    // biome-ignore lint/correctness/useYield: nobody streams; the port asks for it
    async *streamQuery() {
      throw new Error('rows are read as a whole');
    },
  };
  const refuse = () => Promise.reject(new Error('a transaction goes through Engine.write'));
  return {
    createAdapter: () => adapter,
    createQueryCompiler: () => new MariadbCompiler(),
    createIntrospector: (db: Kysely<unknown>) => new MysqlIntrospector(db),
    createDriver: () => ({
      init: async () => {},
      acquireConnection: async () => connection,
      releaseConnection: async () => {},
      beginTransaction: refuse,
      commitTransaction: refuse,
      rollbackTransaction: refuse,
      destroy: async () => {},
    }),
  };
}
