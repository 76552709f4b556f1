import { DatabaseError } from './database-error.ts';
import type { MariadbConnection } from './mariadb-connection.ts';
import { grantFor, type Place } from './mariadb-explain.ts';
import { missingPrivileges } from './mariadb-grant.ts';
import { isClustered } from './mariadb-session.ts';

interface ServerFacts {
  readonly version: string;
  readonly charset: string;
  readonly logs: number;
  readonly log_format: string;
  readonly flush: number;
  readonly sync: number;
}

/**
 * Whether this server keeps what we promise.
 * @throws DatabaseError
 */
export async function checkMariadb(connection: MariadbConnection, place: Place): Promise<void> {
  const { where, database } = place;
  const { rows } = await connection.query(`select version() as version,
    @@character_set_database as charset, @@log_bin as logs, @@binlog_format as log_format,
    @@innodb_flush_log_at_trx_commit as flush, @@sync_binlog as sync`);
  const facts = rows[0] as unknown as ServerFacts;
  const refuse = (text: string) => {
    throw new DatabaseError(text);
  };
  const wrong = checkVersion(facts.version);
  if (wrong) refuse(`The server at ${where} is ${wrong}. Use MariaDB 10.11 or newer.`);
  if (facts.charset !== 'utf8mb4') {
    refuse(
      `The database ${database} at ${where} has the character set ${facts.charset}. Change it with: alter database \`${database}\` character set utf8mb4 collate utf8mb4_bin;`,
    );
  }
  // the nodes of a cluster have each other
  const lossy = (await isClustered(connection)) ? [] : settingsThatLose(facts);
  if (lossy.length > 0) {
    refuse(
      `MariaDB at ${where} would lose what it confirmed when its machine stops. Set ${lossy.join(' and ')} in its configuration.`,
    );
  }
  if (facts.logs === 1 && facts.log_format === 'STATEMENT') {
    refuse(
      `MariaDB at ${where} writes statements into its binary log. Set binlog_format=MIXED in its configuration.`,
    );
  }
  const missing = missingPrivileges(await loadGrants(connection), database);
  if (missing.length > 0) {
    refuse(
      `${place.user} lacks ${missing.join(', ')} in the database ${database} at ${where}. Allow it with: ${grantFor(place)}`,
    );
  }
}

/** What is wrong with a server's version, or null. */
export function checkVersion(version: string): string | null {
  if (!/mariadb/i.test(version)) return `not MariaDB (${version})`;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < 10 || (major === 10 && minor < 11);
  return isOld ? `MariaDB ${version}, which is too old` : null;
}

/** A commit is on disk when it is confirmed: the log of the engine, and the binary log that may decide about it. */
function settingsThatLose({ flush, logs, sync }: ServerFacts): string[] {
  const wrong: string[] = [];
  if (flush !== 1 && flush !== 3) wrong.push('innodb_flush_log_at_trx_commit=1');
  if (logs === 1 && sync !== 1) wrong.push('sync_binlog=1');
  return wrong;
}

async function loadGrants(connection: MariadbConnection): Promise<string[]> {
  const texts = async (statement: string) => {
    const { rows } = await connection.query(statement);
    return rows.map((row) => String(Object.values(row)[0]));
  };
  // nobody has to have granted anything to everybody
  const everybody = await texts('show grants for public').catch(() => []);
  return [...(await texts('show grants')), ...everybody];
}
