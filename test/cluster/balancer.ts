import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../house.ts';
import { Daemon } from './daemon.ts';
import { freePort } from './free-port.ts';
import { programPath } from './program.ts';
import type { SiteCertificate } from './site-certificate.ts';
import { started } from './started.ts';

export type BalancerKind = 'nginx' | 'caddy';

/** nginx or Caddy with the shipped configuration, on a free port of loopback. */
export class Balancer implements AsyncDisposable {
  readonly #folder: string;
  readonly #daemon: Daemon;
  readonly port: number;
  /** Where it listens for plain HTTP. */
  readonly plainPort: number;

  private constructor(folder: string, daemon: Daemon, port: number, plainPort: number) {
    this.#folder = folder;
    this.#daemon = daemon;
    this.port = port;
    this.plainPort = plainPort;
  }

  /** @param port where clients come: known before, as instances are told it */
  static async start(
    kind: BalancerKind,
    port: number,
    instances: readonly [number, number],
    certificate: SiteCertificate,
  ): Promise<Balancer> {
    const folder = await mkdtemp(join(tmpdir(), `muster-cluster-${kind}-`));
    const plainPort = await freePort();
    const place = { folder, port, plainPort, instances, certificate };
    const options = kind === 'nginx' ? await writeNginx(place) : await writeCaddy(place);
    const daemon = new Daemon({ name: kind, cwd: folder, ...options });
    return started(new Balancer(folder, daemon, port, plainPort), () =>
      daemon.until(async () => {
        // any answer will do: whether instances are there is another matter
        await fetch(`http://127.0.0.1:${plainPort}/`, { redirect: 'manual' });
        return true;
      }),
    );
  }

  get origin(): string {
    return `https://localhost:${this.port}`;
  }

  get said(): string {
    return this.#daemon.said;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#daemon[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

interface Place {
  readonly folder: string;
  readonly port: number;
  readonly plainPort: number;
  readonly instances: readonly [number, number];
  readonly certificate: SiteCertificate;
}

type Command = Pick<ConstructorParameters<typeof Daemon>[0], 'command' | 'args' | 'env'>;

/** Replaces every one of `from`; a configuration that does not hold it is not the one that we mean. */
function put(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`the shipped configuration has no "${from}"`);
  return text.replaceAll(from, to);
}

async function writeNginx({
  folder,
  port,
  plainPort,
  instances,
  certificate,
}: Place): Promise<Command> {
  let site = await readFile(join(root, 'deploy/nginx.conf'), 'utf8');
  site = put(site, 'muster.example.org', 'localhost');
  site = put(site, '127.0.0.1:8081', `127.0.0.1:${instances[0]}`);
  site = put(site, '127.0.0.1:8082', `127.0.0.1:${instances[1]}`);
  site = put(site, '/etc/ssl/muster/fullchain.pem', certificate.certificateFile);
  site = put(site, '/etc/ssl/muster/privkey.pem', certificate.keyFile);
  site = put(site, 'listen 80;', `listen 127.0.0.1:${plainPort};`);
  site = put(site, 'listen 443 ssl', `listen 127.0.0.1:${port} ssl`);
  site = put(site, 'listen [::]:80;', '');
  site = put(site, 'listen [::]:443 ssl http2;', '');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  await mkdir(join(folder, 'temporary'));
  await writeFile(join(folder, 'muster.conf'), site);
  await writeFile(
    join(folder, 'nginx.conf'),
    [
      'daemon off;',
      ...(process.getuid?.() === 0 ? ['user root;'] : []),
      'worker_processes 2;',
      `pid ${folder}/pid;`,
      'error_log stderr warn;',
      'events { worker_connections 4096; }',
      'http {',
      ...temporary.map((name) => `${name}_temp_path ${folder}/temporary/${name};`),
      `include ${folder}/muster.conf;`,
      '}',
    ].join('\n'),
  );
  return {
    command: programPath('nginx'),
    args: ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')],
  };
}

async function writeCaddy({
  folder,
  port,
  plainPort,
  instances,
  certificate,
}: Place): Promise<Command> {
  const here = `{\n\tadmin off\n\tdefault_bind 127.0.0.1\n\thttp_port ${plainPort}\n\thttps_port ${port}\n}\n`;
  const site = await readFile(join(root, 'deploy/Caddyfile'), 'utf8');
  await writeFile(join(folder, 'Caddyfile'), here + site);
  return {
    command: programPath('caddy'),
    args: ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'],
    env: {
      ...{ HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
      MUSTER_NAME: `localhost:${port}`,
      MUSTER_TLS: `${certificate.certificateFile} ${certificate.keyFile}`,
      MUSTER_INSTANCES: instances.map((one) => `127.0.0.1:${one}`).join(' '),
    },
  };
}
