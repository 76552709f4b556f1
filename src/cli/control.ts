import { link, mkdir, open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
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
  /** Which key folder it was written into: one that came along when the folder was copied counts for nothing. */
  readonly keyFolder?: string;
  /** The data folder, or the database server. */
  readonly dataFolder: string;
  /** Null while the server is starting, and for one that is brief. */
  readonly server: ServerHandle | null;
  /** It serves one command, and is gone with it: others wait. */
  readonly isBrief?: boolean;
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

/**
 * The server that runs on these keys now, or null; of several instances any.
 * @param place only one on these data: a copy that was restored has the keys of the data that it was made of
 */
export async function readControl(keyFolder: string, place?: string): Promise<Control | null> {
  const names = await readdir(keyFolder).catch(() => []);
  const here = await identify(keyFolder);
  let starting: Control | null = null;
  for (const name of names) {
    if (name !== controlName && !sharedName.test(name)) continue;
    const control = parse(await readFile(join(keyFolder, name), 'utf8').catch(() => ''));
    if (!control || !holds(control, here)) continue;
    if (place !== undefined && !(await isSamePlace(control.dataFolder, place))) continue;
    // on a database server nobody has to wait for another instance
    if (control.isBrief && sharedName.test(name)) continue;
    if (control.server) return control;
    starting = control;
  }
  return starting;
}

/** Another name for the same folder, such as a mount, is the same; a copy is another. */
const identify = (folder: string): Promise<string> =>
  stat(folder, { bigint: true }).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => '',
  );

const holds = ({ pid, mark, keyFolder = '' }: Control, here: string): boolean =>
  (keyFolder === '' || keyFolder === here) && isRunning(pid, mark);

async function isSamePlace(one: string, other: string): Promise<boolean> {
  if (one === other) return true;
  const [real, sought] = await Promise.all(
    [one, other].map((path) => realpath(path).catch(() => null)),
  );
  return typeof real === 'string' && real === sought;
}

/**
 * Takes the place of the one server, or says who has it.
 * @param isBrief whether it serves one command only
 * @param shared whether others may serve the same data: instances on one database server
 * @throws Refused where another server runs
 */
export async function holdControl(
  keyFolder: string,
  dataFolder: string,
  { shared = false, isBrief = false } = {},
): Promise<ControlHold> {
  await mkdir(keyFolder, { recursive: true, mode: 0o700 });
  const path = join(keyFolder, shared ? `control-${process.pid}.json` : controlName);
  const draft = `${path}.${process.pid}`;
  const here = await identify(keyFolder);
  const mine: Control = {
    pid: process.pid,
    mark: processMark(process.pid),
    keyFolder: here,
    dataFolder,
    server: null,
    ...(isBrief ? { isBrief } : {}),
  };
  await write(draft, mine);
  try {
    if (shared) {
      // an erasure on the server would destroy keys that the data in that folder need
      const inFolder = parse(await readFile(join(keyFolder, controlName), 'utf8').catch(() => ''));
      if (inFolder && holds(inFolder, here)) throw await refuseSecond(inFolder, dataFolder);
      // what an earlier process with the same id left is nobody's
      await rm(path, { force: true });
    }
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
  if (holder) throw await refuseSecond(holder, dataFolder);
  const aside = `${path}.stale-${process.pid}`;
  await rename(path, aside).catch(ignoreMissing);
  try {
    const moved = parse(await readFile(aside, 'utf8').catch(() => ''));
    if (moved && holds(moved, await identify(keyFolder))) {
      await put(aside, path);
      throw await refuseSecond(moved, dataFolder);
    }
  } finally {
    await rm(aside, { force: true });
  }
}

/** Says who serves these data, or others with these keys, already. */
export async function refuseSecond(holder: Control, dataFolder: string): Promise<Refused> {
  const { pid, server, isBrief } = holder;
  const where = server ? ` at ${server.origin}` : ', just starting';
  if (!(await isSamePlace(holder.dataFolder, dataFolder))) {
    return new Refused(
      `Muster already runs on other data with the same keys, in ${holder.dataFolder}${isBrief ? '' : where} (process ${pid}). Stop it first, or copy the key folder and name the copy with --keys.`,
      'running',
    );
  }
  return new Refused(
    isBrief
      ? `Another command works on the data in ${dataFolder} (process ${pid}): wait for it, and try again.`
      : `Muster already runs on the data in ${dataFolder}${where} (process ${pid}): use that one, or stop it first.`,
    'running',
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
