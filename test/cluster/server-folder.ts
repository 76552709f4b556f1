import { execFileSync } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whom a server runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** A temporary folder of a server, and the account that owns it. */
export interface ServerFolder extends AsyncDisposable {
  readonly path: string;
  /** null: the account of this process. */
  readonly account: Account | null;
}

/**
 * Makes a folder for a server. Database servers refuse to run as root: then it belongs to the account that came with
 * the server's package, or to nobody's.
 */
export async function makeServerFolder(name: string): Promise<ServerFolder> {
  const account = process.getuid?.() === 0 ? findAccount([name, 'nobody']) : null;
  const path = await mkdtemp(join(tmpdir(), `muster-cluster-${name}-`));
  if (account) await chown(path, account.uid, account.gid);
  return {
    path,
    account,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }),
  };
}

function findAccount(names: readonly string[]): Account {
  for (const name of names) {
    try {
      const id = (flag: string) =>
        Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // the next name
    }
  }
  throw new Error(`no account to run as: ${names.join(', ')}`);
}
