import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian's package and the places where its programs lie beside those of PATH. */
interface Package {
  readonly debian: string;
  readonly places: readonly string[];
}

const system = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const packages = {
  nginx: { debian: 'nginx-light', places: system },
  caddy: { debian: 'caddy', places: system },
  initdb: { debian: 'postgresql', places: listPostgres() },
  postgres: { debian: 'postgresql', places: listPostgres() },
  pg_basebackup: { debian: 'postgresql', places: listPostgres() },
  mariadbd: { debian: 'mariadb-server', places: system },
  'mariadb-install-db': { debian: 'mariadb-server', places: system },
  'libgalera_smm.so': { debian: 'galera-4', places: ['/usr/lib/galera', '/usr/lib64/galera-4'] },
  // how a node of Galera gets its first copy; the script asks lsof whether rsync listens
  rsync: { debian: 'rsync', places: system },
  lsof: { debian: 'lsof', places: system },
  'redis-server': { debian: 'redis-server', places: system },
} as const satisfies Readonly<Record<string, Package>>;

export type ProgramName = keyof typeof packages;

/** Newest version first. */
function listPostgres(): string[] {
  const root = '/usr/lib/postgresql';
  try {
    const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(root, version, 'bin'));
  } catch {
    return [];
  }
}

function find(name: ProgramName): string | null {
  const places = [...packages[name].places, ...(process.env.PATH ?? '').split(delimiter)];
  const isLibrary = name.endsWith('.so');
  for (const place of places) {
    const path = join(place, name);
    try {
      accessSync(path, isLibrary ? constants.R_OK : constants.X_OK);
      return path;
    } catch {
      // the next place
    }
  }
  return null;
}

/**
 * Where a program of the system lies.
 * @throws where it is not installed, with the name of its Debian package
 */
export function programPath(name: ProgramName): string {
  const path = find(name);
  if (path !== null) return path;
  throw new Error(`${name} is not installed: apt-get install ${packages[name].debian}`);
}

/** What the cluster tests need and this machine lacks, one sentence each. */
export function listMissingPrograms(): string[] {
  return (Object.keys(packages) as ProgramName[])
    .filter((name) => find(name) === null)
    .map((name) => `${name} is not installed: apt-get install ${packages[name].debian}`);
}
