import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildBundleWhenStale } from '../../src/server/bundle.ts';
import { root } from '../house.ts';
import { adminPassword } from '../jar.ts';
import { Visitor } from '../visitor.ts';
import { Balancer, type BalancerKind } from './balancer.ts';
import { freePort } from './free-port.ts';
import { Instance } from './instance.ts';
import { type Lecture, openClusterStore, seedLecture } from './lecture.ts';
import { makeSiteCertificate, type SiteCertificate, trustAuthority } from './site-certificate.ts';

export interface ClusterOptions {
  /** What the first and the second instance are told of the database. */
  readonly databases: readonly [string, string];
  /** The database's address for whoever looks past the instances; without it the first of theirs. */
  readonly seedAt?: string;
  readonly bus?: string;
  readonly balancer?: BalancerKind;
  readonly enrolled?: number;
}

/** Two instances on one database behind a load balancer, with a lecture and a host who is signed in. */
export class Cluster implements AsyncDisposable {
  readonly #parts: AsyncDisposableStack;
  readonly folder: string;
  readonly certificate: SiteCertificate;
  readonly instances: readonly [Instance, Instance];
  readonly balancer: Balancer;
  readonly lecture: Lecture;
  /** The administrator, through the load balancer. */
  readonly host: Visitor;

  private constructor(
    parts: AsyncDisposableStack,
    rest: Pick<Cluster, 'folder' | 'certificate' | 'instances' | 'balancer' | 'lecture' | 'host'>,
  ) {
    this.#parts = parts;
    this.folder = rest.folder;
    this.certificate = rest.certificate;
    this.instances = rest.instances;
    this.balancer = rest.balancer;
    this.lecture = rest.lecture;
    this.host = rest.host;
  }

  static async start(options: ClusterOptions): Promise<Cluster> {
    const { databases, seedAt, bus, balancer: kind = 'nginx', enrolled = 6_000 } = options;
    await using parts = new AsyncDisposableStack();
    await buildBundleWhenStale({ root, log: () => {} });
    const folder = await mkdtemp(join(tmpdir(), 'muster-cluster-'));
    parts.defer(() => rm(folder, { recursive: true, force: true }));
    const certificate = parts.use(await makeSiteCertificate());
    trustAuthority(certificate.authority);
    const lecture = await seed(folder, seedAt ?? databases[0], enrolled);
    const port = await freePort();
    const start = async (database: string) =>
      parts.use(
        await Instance.start({
          database,
          ...(bus === undefined ? {} : { bus }),
          keys: join(folder, 'keys'),
          publicOrigin: `https://localhost:${port}`,
        }),
      );
    const instances = [await start(databases[0]), await start(databases[1])] as const;
    const ports = [instances[0].port, instances[1].port] as const;
    const balancer = parts.use(await Balancer.start(kind, port, ports, certificate));
    const host = await setUpHost(instances[0], balancer.origin);
    return new Cluster(parts.move(), { folder, certificate, instances, balancer, lecture, host });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#parts.disposeAsync();
  }
}

async function seed(folder: string, address: string, enrolled: number): Promise<Lecture> {
  await using opened = await openClusterStore(folder, address);
  return await seedLecture(opened.store, enrolled);
}

/** Sets the installation up with the link that the instance printed; then everything goes through the front. */
async function setUpHost(instance: Instance, origin: string): Promise<Visitor> {
  const token = /setup#([\w-]+)/.exec(instance.said)?.[1];
  if (token === undefined) throw new Error(`no link to set up:\n${instance.said}`);
  const direct = new Visitor(instance.origin);
  direct.headers['x-forwarded-proto'] = 'https';
  const reply = await direct.post('/api/setup', {
    token,
    organisation: 'Hillside School',
    zone: 'Europe/Berlin',
    language: 'en',
    words: 'school',
    name: 'Amara Okafor',
    email: 'amara@hillside.example',
    password: adminPassword,
  });
  if (reply.status !== 200) throw new Error(`set-up answered ${JSON.stringify(reply.value)}`);
  const host = new Visitor(origin);
  for (const [name, value] of direct.cookies) host.cookies.set(name, value);
  return host;
}
