import type { BackupPlace } from './backup-folder.ts';

/** What a running server was told: from flags and the environment, read once at the start. */
export interface Config {
  readonly dataFolder: string;
  /** UUID of the installation, as its recovery sheet names it. */
  readonly installation: string;
  /** The database server without its password, to be shown; null: the embedded database in `dataFolder`. */
  readonly database: string | null;
  readonly keyFolder: string;
  /** Where day files go, or null where they are off for this installation. */
  readonly dayFolder: string | null;
  /** Where backups go, or null where this server makes none. */
  readonly backupFolder: BackupPlace | null;
  readonly host: string;
  readonly port: number;
  /** null: no TLS listener. */
  readonly httpsPort: number | null;
  readonly trustedProxies: ReadonlySet<string>;
  /** The address people reach us by, where a proxy or a real name stands in front; null: by network address. */
  readonly publicOrigin: string | null;
  readonly version: string;
  /** For how long it goes on serving, but is not ready, after it was told to stop: a load balancer notices meanwhile. */
  readonly drainMs: number;
  /** Whether every request leaves a line in the log. */
  readonly logRequests: boolean;
  /** What a program shows to read /metrics; null: only the operator on the machine itself reads them. */
  readonly metricsToken: string | null;
}
