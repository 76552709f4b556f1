import { platform } from 'node:os';

/** What the command takes from the environment it runs in. No other file of Muster reads `process.env`. */
export interface Environment {
  readonly platform: string;
  /** The user's home folder as the environment names it. */
  readonly home: string | undefined;
  /** MUSTER_DATA and MUSTER_KEYS: folders, as by --data and --keys. */
  readonly data: string | undefined;
  readonly keys: string | undefined;
  /** MUSTER_MASTER_KEY (base64) or MUSTER_MASTER_KEY_FILE (a file that holds it), instead of `master.key`. */
  readonly masterKey: string | undefined;
  readonly masterKeyFile: string | undefined;
  /** MUSTER_PASSPHRASE_FILE: a file that holds the passphrase, where the data open with one. */
  readonly passphraseFile: string | undefined;
  /** MUSTER_DATABASE, as by --database; MUSTER_DATABASE_PASSWORD or a file that holds it, where the address has none. */
  readonly database: string | undefined;
  readonly databasePassword: string | undefined;
  readonly databasePasswordFile: string | undefined;
  /** MUSTER_BUS, as --bus. */
  readonly bus: string | undefined;
  /** MUSTER_BACKUP_FOLDER, as --backup-folder. */
  readonly backupFolder: string | undefined;
  /** MUSTER_DRAIN and MUSTER_LOG_REQUESTS, as --drain and --log-requests. */
  readonly drain: string | undefined;
  readonly logRequests: string | undefined;
  /** MUSTER_METRICS_TOKEN, or MUSTER_METRICS_TOKEN_FILE (a file that holds it): what reads /metrics shows it. */
  readonly metricsToken: string | undefined;
  readonly metricsTokenFile: string | undefined;
  readonly xdgDataHome: string | undefined;
  readonly xdgConfigHome: string | undefined;
  readonly xdgDocuments: string | undefined;
  readonly localAppData: string | undefined;
  readonly appData: string | undefined;
  /** MUSTER_DEBUG: unexpected errors show where they came from. */
  readonly debug: boolean;
  /** NO_COLOR (any value) or a terminal that knows none. */
  readonly plain: boolean;
  /** A terminal on which nothing can be redrawn. */
  readonly dumb: boolean;
  /** Whether the user sits before a screen on which a browser can open. */
  readonly desktop: boolean;
}

/** Reads the environment; an empty variable counts as not set. */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const of = (name: string): string | undefined => variables[name] || undefined;
  return {
    platform: platform(),
    home: of('HOME') ?? of('USERPROFILE'),
    data: of('MUSTER_DATA'),
    keys: of('MUSTER_KEYS'),
    masterKey: of('MUSTER_MASTER_KEY'),
    masterKeyFile: of('MUSTER_MASTER_KEY_FILE'),
    passphraseFile: of('MUSTER_PASSPHRASE_FILE'),
    database: of('MUSTER_DATABASE'),
    databasePassword: of('MUSTER_DATABASE_PASSWORD'),
    databasePasswordFile: of('MUSTER_DATABASE_PASSWORD_FILE'),
    bus: of('MUSTER_BUS'),
    backupFolder: of('MUSTER_BACKUP_FOLDER'),
    drain: of('MUSTER_DRAIN'),
    logRequests: of('MUSTER_LOG_REQUESTS'),
    metricsToken: of('MUSTER_METRICS_TOKEN'),
    metricsTokenFile: of('MUSTER_METRICS_TOKEN_FILE'),
    xdgDataHome: of('XDG_DATA_HOME'),
    xdgConfigHome: of('XDG_CONFIG_HOME'),
    xdgDocuments: of('XDG_DOCUMENTS_DIR'),
    localAppData: of('LOCALAPPDATA'),
    appData: of('APPDATA'),
    debug: of('MUSTER_DEBUG') !== undefined,
    plain: of('NO_COLOR') !== undefined || of('TERM') === 'dumb',
    dumb: of('TERM') === 'dumb',
    desktop:
      of('SSH_CONNECTION') === undefined &&
      (platform() !== 'linux' || (of('DISPLAY') ?? of('WAYLAND_DISPLAY')) !== undefined),
  };
}
