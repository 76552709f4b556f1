import { MariadbServer } from './mariadb-server.ts';
import { PostgresServer } from './postgres-server.ts';

/** The database servers that faults are tried on, by the names that the table has. */
export const databaseEngines = [
  ['PostgreSQL', PostgresServer],
  ['MariaDB', MariadbServer],
] as const;
