import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Refused } from './failure.ts';
import { isRunning, processMark } from './process-mark.ts';

/**
 * Who serves these data now: `control.json` in the key folder (0600), so that two servers never run on the same data
 * and other commands of the same user reach the one that does. One that was left behind by a killed server is
 * recognised by its process being gone.
 */
export interface Control {
  readonly pid: number;
  readonly mark: string | null;
  readonly dataFolder: string;
  /** Null while the server is starting. */
  readonly server: ServerHandle | null;
}

/** How a command of the same user talks to the running server. */
export interface ServerHandle {
  /** Plain HTTP on loopback. */
  readonly origin: string;
  /** Bearer token that stands for whoever holds the keys. */
  readonly operatorToken: string;
}

/** Held while a server runs. */
export interface ControlHold extends AsyncDisposable {
  /** Tells other commands how to reach the server. */
  announce(server: ServerHandle): Promise<void>;
}

const controlName = 'control.json';
/** Of several instances on one database server each has a file of its own. */
const sharedName = /^control-\d+\.json$/;

/** The server that runs on these keys now, or null; of several instances any. */
export async function readControl(keyFolder: string): Promise<Control | null> {
  const names = await readdir(keyFolder).catch(() => []);
  let starting: Control | null = null;
  for (const name of names) {
    if (name !== controlName && !sharedName.test(name)) continue;
    const control = parse(await readFile(join(keyFolder, name), 'utf8').catch(() => ''));
    if (!control || !isRunning(control.pid, control.mark)) continue;
    if (control.server) return control;
    starting = control;
  }
  return starting;
}

/**
 * Takes the place of the one server, or says who has it.
 * @param shared whether others may serve the same data: instances on one database server
 * @throws Refused where another server runs
 */
export async function holdControl(
  keyFolder: string,
  dataFolder: string,
  { shared = false } = {},
): Promise<ControlHold> {
  await mkdir(keyFolder, { recursive: true, mode: 0o700 });
  const path = join(keyFolder, shared ? `control-${process.pid}.json` : controlName);
  const draft = `${path}.${process.pid}`;
  const mine: Control = {
    pid: process.pid,
    mark: processMark(process.pid),
    dataFolder,
    server: null,
  };
  await write(draft, mine);
  try {
    // what an earlier process with the same id left is nobody's
    if (shared) await rm(path, { force: true });
    while (!(await put(draft, path))) await clearStale(path, keyFolder, dataFolder);
  } finally {
    await rm(draft, { force: true });
  }
  return {
    async announce(server) {
      await write(draft, { ...mine, server });
      await rename(draft, path);
    },
    [Symbol.asyncDispose]: () => rm(path, { force: true }),
  };
}

/** Moves away what a killed server left; if it turns out to be a living one's, puts it back. */
async function clearStale(path: string, keyFolder: string, dataFolder: string): Promise<void> {
  const holder = await readControl(keyFolder);
  if (holder) throw refuseSecond(holder, dataFolder);
  const aside = `${path}.stale-${process.pid}`;
  await rename(path, aside).catch(ignoreMissing);
  try {
    const moved = parse(await readFile(aside, 'utf8').catch(() => ''));
    if (moved && isRunning(moved.pid, moved.mark)) {
      await put(aside, path);
      throw refuseSecond(moved, dataFolder);
    }
  } finally {
    await rm(aside, { force: true });
  }
}

/** Says who serves these data already. */
export function refuseSecond({ pid, server }: Control, dataFolder: string): Refused {
  const where = server ? ` at ${server.origin}` : ', just starting';
  return new Refused(
    `Muster already runs on the data in ${dataFolder}${where} (process ${pid}): use that one, or stop it first.`,
  );
}

async function put(draft: string, path: string): Promise<boolean> {
  return link(draft, path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
}

async function write(path: string, control: Control): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(control)}\n`);
  } finally {
    await file.close();
  }
}

function parse(text: string): Control | null {
  try {
    const control = JSON.parse(text) as Control;
    return typeof control.pid === 'number' ? control : null;
  } catch {
    return null;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
