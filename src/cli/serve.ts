import { fileURLToPath } from 'node:url';
import { isLoopback } from '../server/address.ts';
import { authorityPath } from '../server/authority.route.ts';
import type { Authority } from '../server/authority.ts';
import { buildBundleWhenStale } from '../server/bundle.ts';
import { busOpener } from '../server/bus-choice.ts';
import { watchMachine } from '../server/machine-watch.ts';
import { type RunningServer, startServer } from '../server/start.ts';
import { describeAddress } from '../store/database-address.ts';
import { findFormerKeys } from '../store/former-keys.ts';
import { openInstallation, probeFolder, readInstallation } from '../store/installation.ts';
import { openStore } from '../store/open.ts';
import { prepareServer } from '../store/server-installation.ts';
import { systemRandom } from '../store/system-random.ts';
import { issueCertificate, readCertificate } from './certificate.ts';
import { holdControl, readControl, refuseSecond } from './control.ts';
import { logLastWords } from './last-words.ts';
import { openLog } from './log.ts';
import { tryPort } from './port.ts';
import type { StartChoice } from './start-flags.ts';
import { systemClock, systemZone } from './system.ts';
import { readVersion } from './version.ts';

/** A server of this process, with all that belongs to it. Disposing drains it and gives the data free. */
export interface Serving extends AsyncDisposable {
  readonly server: RunningServer;
  readonly keyFolder: string;
  readonly authority: Authority | null;
  /** Whether data and keys were made just now. */
  readonly isFirst: boolean;
  /** Where somebody on this machine opens it. */
  readonly home: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Starts a server on the chosen folders. Whatever can be refused is refused before anything is made or changed.
 * @param say tells the person who waits
 */
export async function serve(choice: StartChoice, say: (line: string) => void): Promise<Serving> {
  const { folders, host, port, httpsPort } = choice;
  await using parts = new AsyncDisposableStack();
  const { address } = folders;
  const onServer = address.engine !== 'sqlite';
  const found = onServer ? null : await readInstallation(folders.data);
  if (found) {
    const holder = await readControl(folders.keysFor(found.installation));
    if (holder) throw await refuseSecond(holder, folders.data);
  }
  await tryPort(host, port);
  if (httpsPort !== null) await tryPort(host, httpsPort);
  const given = choice.tls && (await readCertificate(choice.tls, systemClock.now()));
  const bundle = await buildBundleWhenStale({ root, log: say });
  const { keysFor, masterKey } = folders;
  const prepared = onServer
    ? parts.use(await prepareServer(address, keysFor, masterKey, systemClock))
    : null;
  const installation =
    prepared?.installation ?? (await openInstallation(folders.data, keysFor, masterKey));
  const { id, keys, created } = installation;
  const former = created && !onServer ? await findFormerKeys(installation, folders.data) : null;
  if (former !== null) say(describeLoss(folders.data, former));
  if (!created && !onServer) await probeFolder(folders.data);
  const database = onServer ? describeAddress(address) : null;
  const hold = parts.use(
    await holdControl(keys.path, database ?? folders.data, {
      shared: onServer,
      isBrief: choice.isBrief === true,
    }),
  );
  const certificate =
    httpsPort === null ? null : (given ?? (await issueCertificate(keys.path, systemClock.now())));
  const log = openLog(folders.data, process.stderr.isTTY);
  parts.use(logLastWords(log));
  const server = parts.use(
    await startServer({
      config: {
        dataFolder: folders.data,
        installation: id,
        database,
        keyFolder: keys.path,
        dayFolder: choice.dayFolder,
        backupFolder: choice.backupFolder,
        host,
        port,
        httpsPort,
        trustedProxies: choice.trustedProxies,
        publicOrigin: choice.publicOrigin,
        version: readVersion(),
        drainMs: choice.drainMs,
        logRequests: choice.logRequests,
        metricsToken: choice.metricsToken,
      },
      open: (wake) =>
        openStore({
          address,
          prepared,
          folder: folders.data,
          keysFor,
          masterKey,
          clock: systemClock,
          followServer: true,
          random: systemRandom,
          zone: systemZone(),
          dayFiles: choice.dayFolder !== null,
          wake,
          claims: true,
        }),
      bus: busOpener(choice.bus, address),
      tls: certificate?.tls ?? null,
      ...(certificate?.authority
        ? { authority: { fingerprint: certificate.authority.fingerprint, url: authorityPath } }
        : {}),
      random: systemRandom,
      log,
      webFolder: bundle.folder,
    }),
  );
  const home = homeOf(choice, server.port);
  if (!choice.isBrief) {
    await hold.announce({
      origin: `http://${loopbackOf(host)}:${server.port}`,
      operatorToken: server.app.operatorToken.token,
    });
  }
  parts.use(watchMachine(server.app, { onAddresses: () => void renew(server, choice, keys.path) }));
  const all = parts.move();
  return {
    server,
    keyFolder: keys.path,
    authority: certificate?.authority ?? null,
    isFirst: created,
    home,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

const describeLoss = (data: string, keys: string): string =>
  `Other data of Muster lay in ${data} before and are gone; their keys are still in ${keys}. If they were lost, stop Muster, remove the new data that are there now, and put a backup back with: muster restore FILE`;

/** What comes from this machine counts as forwarded where a proxy on it is trusted: then its address is the way in. */
const homeOf = ({ publicOrigin, trustedProxies }: StartChoice, port: number): string =>
  publicOrigin !== null && [...trustedProxies].some(isLoopback)
    ? publicOrigin
    : `http://localhost:${port}`;

const loopbackOf = (host: string): string =>
  host === '0.0.0.0' || host === '::' || host === 'localhost' ? '127.0.0.1' : host;

/** New addresses need a certificate that names them. */
async function renew(server: RunningServer, choice: StartChoice, keyFolder: string): Promise<void> {
  if (choice.tls) return;
  try {
    const { tls } = await issueCertificate(keyFolder, systemClock.now());
    server.listeners.https?.renew(tls);
  } catch (error) {
    server.app.log.warn({ err: error }, 'certificate not renewed');
  }
}
