import { GaleraNode } from './galera-node.ts';
import { MariadbServer } from './mariadb-server.ts';
import { started } from './started.ts';

/** Three nodes of Galera on loopback. */
export class GaleraCluster implements AsyncDisposable {
  readonly nodes: readonly [GaleraNode, GaleraNode, GaleraNode];

  private constructor(nodes: GaleraCluster['nodes']) {
    this.nodes = nodes;
  }

  static async start(): Promise<GaleraCluster> {
    const cluster = new GaleraCluster(
      (await GaleraNode.makeAll(3)) as unknown as GaleraCluster['nodes'],
    );
    const [first, ...others] = cluster.nodes;
    return started(cluster, async () => {
      await Promise.all(cluster.nodes.map((node) => node.install()));
      await first.bootstrap();
      await first.makeDatabase();
      // one after the other: each takes its copy from one that has all
      for (const node of others) await node.join();
    });
  }

  /** What instances are told: all nodes, in order. */
  get address(): string {
    return MariadbServer.address(this.nodes.map(({ port }) => port));
  }

  /** Which of these nodes transactions came in at while `work` ran. */
  async writersDuring(
    nodes: readonly GaleraNode[],
    work: () => Promise<void>,
  ): Promise<GaleraNode[]> {
    const figures = () => Promise.all(nodes.map((node) => node.countWritten()));
    const from = await figures();
    await work();
    const to = await figures();
    return nodes.filter((_, index) => (to[index] ?? 0) > (from[index] ?? 0));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.nodes.map((node) => node[Symbol.asyncDispose]()));
  }
}
