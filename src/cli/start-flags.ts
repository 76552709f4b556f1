import { resolve } from 'node:path';
import type { parseArgs } from 'node:util';
import type { BackupPlace } from '../server/backup-folder.ts';
import type { BusChoice } from '../server/bus-choice.ts';
import { checkDayFolder } from '../server/day-file-folder.ts';
import { backupFolderFlag, chooseBackupFolder } from './backup-folder.ts';
import { busFlags, chooseBus } from './bus-flags.ts';
import type { Flags } from './description.ts';
import type { Environment } from './environment.ts';
import { Misused } from './failure.ts';
import { type Folders, findFolders, folderFlags } from './folders.ts';
import { defaultDayFolder } from './places.ts';
import { chooseWatch, type WatchChoice, watchFlags } from './watch-flags.ts';

/** How a server is to run, from flags and environment. */
export interface StartChoice extends WatchChoice {
  readonly folders: Folders;
  readonly host: string;
  readonly port: number;
  /** null: no HTTPS of our own. */
  readonly httpsPort: number | null;
  /** Paths of a certificate and its key; null: from our own authority. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly dayFolder: string | null;
  readonly backupFolder: BackupPlace | null;
  readonly publicOrigin: string | null;
  readonly trustedProxies: ReadonlySet<string>;
  readonly bus: BusChoice;
  /** It is there for one command of this process only. */
  readonly isBrief?: true;
  /** Whether to open the browser when there is one. */
  readonly open: boolean;
}

/** For `parseArgs`. */
export const startFlags = {
  ...folderFlags,
  port: {
    type: 'string',
    default: '8080',
    value: 'N',
    text: 'plain HTTP, for this machine and for phones',
  },
  'https-port': {
    type: 'string',
    default: '8443',
    value: 'N|off',
    text: 'HTTPS, for hosts on other machines',
  },
  host: {
    type: 'string',
    default: '0.0.0.0',
    value: 'ADDRESS',
    text: 'listen on this address only; 0.0.0.0 means on all',
  },
  'tls-cert': {
    type: 'string',
    value: 'FILE',
    text: 'a certificate of your own (PEM), instead of one from the installation’s own authority',
  },
  'tls-key': { type: 'string', value: 'FILE', text: 'the key of that certificate (PEM)' },
  'day-files': {
    type: 'string',
    value: 'FOLDER|off',
    text: 'where attendance_YYYY-MM-DD.csv files go. Without the flag they are written to "Muster attendance" among your documents, but not where --data, --tls-cert, --public-origin or --trusted-proxy say that this is a server',
  },
  ...backupFolderFlag,
  'public-origin': {
    type: 'string',
    value: 'URL',
    text: 'the address that a proxy in front gives to people',
  },
  'trusted-proxy': {
    type: 'string',
    multiple: true,
    value: 'IP',
    text: 'believe this proxy’s forwarded headers (may be repeated)',
  },
  ...busFlags,
  ...watchFlags,
  open: { type: 'boolean', default: true, off: true, text: 'do not open the browser' },
} as const satisfies Flags;

/** What `parseArgs` makes of them. */
export type StartValues = ReturnType<
  typeof parseArgs<{ options: typeof startFlags; allowNegative: true }>
>['values'];

/**
 * Judges the flags of a command that may start a server.
 * @throws Misused, FolderError, KeyError
 */
export function chooseStart(values: StartValues, environment: Environment): StartChoice {
  const { 'tls-cert': cert, 'tls-key': key, 'public-origin': publicOrigin } = values;
  if ((cert === undefined) !== (key === undefined))
    throw new Misused('--tls-cert and --tls-key are given together.');
  const folders = findFolders(values, environment);
  const trustedProxies = new Set(values['trusted-proxy'] ?? []);
  const onServer = folders.address.engine !== 'sqlite';
  const isServer =
    onServer || cert !== undefined || publicOrigin !== undefined || trustedProxies.size > 0;
  return {
    folders,
    host: values.host,
    port: readPort('--port', values.port),
    httpsPort:
      values['https-port'] === 'off' ? null : readPort('--https-port', values['https-port']),
    tls: cert !== undefined && key !== undefined ? { cert, key } : null,
    dayFolder: chooseDayFolder(values['day-files'], folders, isServer, environment),
    backupFolder: chooseBackupFolder(values['backup-folder'], folders, environment),
    publicOrigin: publicOrigin === undefined ? null : readOrigin(publicOrigin),
    trustedProxies,
    bus: chooseBus(values, environment, onServer),
    ...chooseWatch(values, environment, onServer),
    open: values.open,
  };
}

/** On without being asked for only on a user's own machine: default data folder, nothing that a server has. */
function chooseDayFolder(
  flag: string | undefined,
  { data, isDefault }: Folders,
  isServer: boolean,
  environment: Environment,
): string | null {
  if (flag === 'off') return null;
  if (flag === undefined && (isServer || !isDefault)) return null;
  const folder = flag === undefined ? defaultDayFolder(environment) : resolve(flag);
  checkDayFolder(folder, data);
  return folder;
}

function readPort(flag: string, text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new Misused(`${flag} takes a number from 0 to 65535, not "${text}".`);
}

function readOrigin(text: string): string {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search)
    return url.origin;
  throw new Misused(
    `--public-origin takes an address such as https://muster.example.org, not "${text}".`,
  );
}
