// What the database servers that tests start have in common: a temporary folder, an account without privileges, an
// end that comes even where the test process is killed.
import { execFileSync, spawn } from 'node:child_process';
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server that is up, by the address of one of its databases, with whoever stops it. */
export interface FoundServer {
  readonly url: string;
  /** Where it came from, for the line that a run prints. */
  readonly source: string;
  stop(): Promise<void>;
}

export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** Database servers refuse to run as root: then the first of these accounts that the machine has, else nobody. */
export function unprivileged(names: readonly string[]): Account {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string, name: string) =>
    Number(
      execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  for (const name of [...names, 'nobody']) {
    try {
      return { uid: id('-u', name), gid: id('-g', name) };
    } catch {
      // this machine does not have it
    }
  }
  throw new Error('A database server needs an account other than root, and there is none.');
}

/** A folder of the account's own below the system's temporary folder. */
export async function makeFolder(name: string, { uid, gid }: Account): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `muster-${name}-`));
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid);
  return folder;
}

/** Makes everything in the folder the account's, so that it can remove it. */
export async function giveFolder(folder: string, { uid, gid }: Account): Promise<void> {
  if (uid !== undefined) await runAs({}, folder, 'chown', ['-R', `${uid}:${gid}`, folder]);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Runs a program to its end as the account. */
export function runAs(
  account: Account,
  folder: string,
  program: string,
  args: readonly string[],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...account,
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said: Buffer[] = [];
    child.stdout.on('data', (data) => said.push(data));
    child.stderr.on('data', (data) => said.push(data));
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`${program} ended with ${code}: ${Buffer.concat(said)}`)),
    );
  });
}

// the pipe ends with the test process, however that ends
const guard = `
signal=$1 folder=$2; shift 2
"$@" >"$folder/server.log" 2>&1 &
server=$!
cat >/dev/null
kill -s "$signal" "$server"
wait "$server"
rm -rf "$folder"
`;

/**
 * Starts a server in the folder, waits until `answers` resolves, and removes server and folder on `stop` or with
 * this process.
 */
export async function startGuarded(options: {
  account: Account;
  folder: string;
  signal: 'INT' | 'TERM';
  program: string;
  args: readonly string[];
  answers: () => Promise<unknown>;
}): Promise<() => Promise<void>> {
  const { account, folder, signal, program, args, answers } = options;
  const child = spawn('sh', ['-c', guard, 'sh', signal, folder, program, ...args], {
    ...account,
    cwd: folder,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const stop = async () => {
    child.stdin.end();
    await ended;
    // the temporary folder belongs to root, so an account without privileges leaves it there, empty
    await rm(folder, { recursive: true, force: true });
  };
  const end = Date.now() + 60_000;
  for (;;) {
    try {
      await answers();
      return stop;
    } catch (error) {
      if (Date.now() > end) {
        const log = await readFile(join(folder, 'server.log'), 'utf8').catch(() => '');
        await stop();
        throw new Error(`${program} did not start: ${error}\n${log.slice(-2_000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
