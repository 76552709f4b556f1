import { freePort } from './free-port.ts';
import { MariadbServer } from './mariadb-server.ts';
import { programPath } from './program.ts';
import { makeServerFolder, type ServerFolder } from './server-folder.ts';

interface Ports {
  readonly group: number;
  readonly incremental: number;
  readonly snapshot: number;
}

/** A node of a Galera cluster on loopback. */
export class GaleraNode extends MariadbServer {
  readonly #ports: Ports;
  /** Of all nodes, this one too: known before any of them starts. */
  readonly #group: readonly number[];

  private constructor(folder: ServerFolder, port: number, ports: Ports, group: readonly number[]) {
    super(folder, port);
    this.#ports = ports;
    this.#group = group;
  }

  /** Makes nodes that belong together; the first is to be bootstrapped, the others join. */
  static async makeAll(count: number): Promise<GaleraNode[]> {
    const ports: Ports[] = [];
    for (let index = 0; index < count; index += 1) {
      ports.push({
        group: await freePort(),
        incremental: await freePort(),
        snapshot: await freePort(),
      });
    }
    const group = ports.map((one) => one.group);
    return Promise.all(
      ports.map(
        async (one) =>
          new GaleraNode(await makeServerFolder('mysql'), await freePort(), one, group),
      ),
    );
  }

  /** Begins a new cluster. */
  async bootstrap(): Promise<void> {
    await this.launch([...this.#flags, '--wsrep-new-cluster']);
  }

  /** Joins the cluster that runs and takes from it what it lacks. */
  async join(): Promise<void> {
    await this.launch(this.#flags);
  }

  get #flags(): string[] {
    const { group, incremental, snapshot } = this.#ports;
    const provider = [
      `gmcast.listen_addr=tcp://127.0.0.1:${group}`,
      `ist.recv_addr=127.0.0.1:${incremental}`,
      'gcache.size=64M',
    ];
    return [
      ...['--wsrep-on=ON', `--wsrep-provider=${programPath('libgalera_smm.so')}`],
      `--wsrep-provider-options=${provider.join(';')}`,
      `--wsrep-cluster-address=gcomm://${this.#group.map((port) => `127.0.0.1:${port}`).join(',')}`,
      `--wsrep-node-address=127.0.0.1:${group}`,
      `--wsrep-node-name=node-${this.port}`,
      ...['--wsrep-sst-method=rsync', `--wsrep-sst-receive-address=127.0.0.1:${snapshot}`],
      ...['--binlog-format=ROW', '--innodb-autoinc-lock-mode=2', '--default-storage-engine=InnoDB'],
    ];
  }

  /** Transactions that came in here and went to all nodes. */
  countWritten(): Promise<number> {
    return this.#sum('wsrep_replicated');
  }

  /** Transactions of this node that lost against another node's. */
  countConflicts(): Promise<number> {
    return this.#sum('wsrep_local_cert_failures', 'wsrep_local_bf_aborts');
  }

  async #sum(...names: string[]): Promise<number> {
    const list = names.map((name) => `'${name}'`).join(', ');
    const rows = await this.ask<{ Value: string }>(
      `show global status where variable_name in (${list})`,
    );
    return rows.reduce((sum, { Value }) => sum + Number(Value), 0);
  }

  /** Whether it has what the others have, and takes work. */
  protected override async isReady(): Promise<boolean> {
    const rows = await this.ask<{ Variable_name: string; Value: string }>(
      `show status where variable_name in ('wsrep_ready', 'wsrep_local_state_comment')`,
    );
    const status = new Map(rows.map(({ Variable_name, Value }) => [Variable_name, Value]));
    return (
      status.get('wsrep_ready') === 'ON' && status.get('wsrep_local_state_comment') === 'Synced'
    );
  }
}
