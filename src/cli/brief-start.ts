import type { Folders } from './folders.ts';
import type { StartChoice } from './start-flags.ts';

/** A server for this machine alone, for as long as a command needs it. */
export const briefStart = (folders: Folders): StartChoice => ({
  folders,
  host: '127.0.0.1',
  port: 0,
  httpsPort: null,
  tls: null,
  dayFolder: null,
  backupFolder: null,
  publicOrigin: null,
  trustedProxies: new Set(),
  bus: folders.address.engine === 'sqlite' ? 'none' : 'database',
  drainMs: 0,
  logRequests: false,
  metricsToken: null,
  isBrief: true,
  open: false,
});
