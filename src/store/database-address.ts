/** How the connection to a database server is kept secret. */
export type DatabaseTls =
  /** Plain, for a server on this machine or behind a tunnel. */
  | 'off'
  /** Encrypted and the server's certificate checked; `authority` is a PEM file, else the system's authorities. */
  | { readonly authority: string | null };

export interface DatabaseHost {
  readonly host: string;
  readonly port: number;
}

/** A database server, as `postgres://` or `mysql://` names it. */
export interface ServerAddress {
  readonly engine: 'postgres' | 'mariadb';
  /** In order of preference. All work goes to one of them at a time. */
  readonly hosts: readonly DatabaseHost[];
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly tls: DatabaseTls;
  /** Connections that write, and as many that read. */
  readonly pool: number;
}

/** Where an organisation's data lie. */
export type DatabaseAddress =
  | { readonly engine: 'sqlite'; readonly folder: string | null }
  | ServerAddress;

/** An address that cannot be understood; the message is the one sentence to say. */
export class AddressError extends Error {
  override readonly name = 'AddressError';
}

const defaultPool = 8;
const ports = { postgres: 5432, mariadb: 3306 } as const;
const schemes: Readonly<Record<string, ServerAddress['engine']>> = {
  postgres: 'postgres',
  postgresql: 'postgres',
  mysql: 'mariadb',
  mariadb: 'mariadb',
};
const shape =
  /^(?<scheme>[a-z]+):\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^/?]+)\/(?<database>[^?/]+)(?:\?(?<query>.*))?$/;

/**
 * Reads `sqlite:FOLDER`, `postgres://USER:PASSWORD@HOST[:PORT][,HOST...]/DATABASE?tls=...&pool=N` or the same with
 * `mysql://`. User and password are percent-encoded. `tls` is `off`, `on` or the path of an authority's certificate;
 * without it TLS is on unless every host is this machine.
 * @param password from elsewhere, where the address has none
 * @throws AddressError
 */
export function readDatabaseAddress(text: string, password = ''): DatabaseAddress {
  if (text.startsWith('sqlite:')) {
    return { engine: 'sqlite', folder: text.slice('sqlite:'.length) || null };
  }
  const found = shape.exec(text)?.groups;
  const engine = schemes[found?.scheme ?? ''];
  if (!found || !engine) {
    throw new AddressError(
      'A database is named by sqlite:FOLDER, postgres://USER@HOST/DATABASE or mysql://USER@HOST/DATABASE.',
    );
  }
  if (!found.user) {
    throw new AddressError(
      `The address of a database names a user, such as ${found.scheme}://USER@${found.hosts}/${found.database}.`,
    );
  }
  const hosts = (found.hosts ?? '').split(',').map((host) => readHost(host, ports[engine]));
  const query = new URLSearchParams(found.query ?? '');
  for (const name of query.keys()) {
    if (name !== 'tls' && name !== 'pool') {
      throw new AddressError(`The address of a database takes tls and pool, not "${name}".`);
    }
  }
  return {
    engine,
    hosts,
    user: decode(found.user),
    password: decode(found.password ?? '') || password,
    database: decode(found.database ?? ''),
    tls: readTls(query.get('tls'), hosts),
    pool: readPool(query.get('pool')),
  };
}

/** The address without its password, to be shown. */
export function describeAddress(address: DatabaseAddress): string {
  if (address.engine === 'sqlite') return `sqlite:${address.folder ?? ''}`;
  const { engine, hosts, database } = address;
  const list = hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`);
  return `${engine === 'mariadb' ? 'mysql' : 'postgres'}://${list.join(',')}/${database}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AddressError(
      'User, password and database in the address are percent-encoded, such as p%40ss for p@ss.',
    );
  }
}

function readHost(text: string, defaultPort: number): DatabaseHost {
  const found = /^(?:\[(?<v6>[\da-f:.]+)\]|(?<name>[\w.-]+))(?::(?<port>\d{1,5}))?$/i.exec(text);
  const { v6, name, port } = found?.groups ?? {};
  const host = v6 ?? name;
  const number = port === undefined ? defaultPort : Number(port);
  if (host === undefined || number < 1 || number > 65_535) {
    throw new AddressError(`"${text}" is not a host, or host and port, of a database server.`);
  }
  return { host, port: number };
}

const isHere = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

function readTls(text: string | null, hosts: readonly DatabaseHost[]): DatabaseTls {
  if (text === 'off') return 'off';
  if (text === 'on') return { authority: null };
  if (text !== null && text !== '') return { authority: text };
  return hosts.every(({ host }) => isHere(host)) ? 'off' : { authority: null };
}

function readPool(text: string | null): number {
  const pool = text === null ? defaultPool : Number(text);
  if (Number.isInteger(pool) && pool >= 2 && pool <= 100) return pool;
  throw new AddressError(
    `The pool of a database takes from 2 to 100 connections, not "${text ?? ''}".`,
  );
}
