import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Environment } from './environment.ts';

/** Where day files go unless a flag says otherwise: among the user's documents, where people look for them. */
export function defaultDayFolder(environment: Environment): string {
  return join(documentsFolder(environment), 'Muster attendance');
}

/** Where data lie unless a flag says otherwise. */
export function defaultDataFolder(environment: Environment): string {
  const home = homeOf(environment);
  if (environment.platform === 'win32')
    return join(environment.localAppData ?? join(home, 'AppData', 'Local'), 'Muster');
  if (environment.platform === 'darwin')
    return join(home, 'Library', 'Application Support', 'Muster');
  return join(environment.xdgDataHome ?? join(home, '.local', 'share'), 'muster');
}

/** Beside the data, under their name: two installations next to each other do not share it. */
export const defaultBackupFolder = (data: string): string =>
  join(dirname(data), `${basename(data)}-backups`);

/** The folder with one folder of keys per installation; another than that of the data. */
export function defaultKeysFolder(environment: Environment): string {
  const home = homeOf(environment);
  if (environment.platform === 'win32')
    return join(environment.appData ?? join(home, 'AppData', 'Roaming'), 'Muster keys');
  if (environment.platform === 'darwin')
    return join(home, 'Library', 'Application Support', 'Muster keys');
  return join(environment.xdgConfigHome ?? join(home, '.config'), 'muster', 'keys');
}

function documentsFolder(environment: Environment): string {
  const home = homeOf(environment);
  if (environment.xdgDocuments) return environment.xdgDocuments;
  if (environment.platform !== 'win32' && environment.platform !== 'darwin') {
    const named = /^\s*XDG_DOCUMENTS_DIR="(.+)"\s*$/m.exec(readUserFolders(environment, home));
    if (named?.[1]) return named[1].replace(/^\$HOME(?=\/|$)/, home).replaceAll(/\\(.)/g, '$1');
  }
  return join(home, 'Documents');
}

function readUserFolders(environment: Environment, home: string): string {
  try {
    const path = join(environment.xdgConfigHome ?? join(home, '.config'), 'user-dirs.dirs');
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const homeOf = ({ home }: Environment): string => home ?? homedir();
