import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadMe, loadSetup } from '../client/account.ts';
import type { Problem } from '../client/request.ts';
import type { Me } from '../core/account.wire.ts';
import { Back, type Dialogue, Gone } from '../terminal/dialogue.ts';
import { showHome } from '../terminal/home.ts';
import { runKiosk } from '../terminal/kiosk.ts';
import { KioskFolder } from '../terminal/kiosk-folder.ts';
import { openLines } from '../terminal/line-dialogue.ts';
import { openPage } from '../terminal/page-dialogue.ts';
import { type Place, Trouble, waitAt } from '../terminal/place.ts';
import { runSetUp } from '../terminal/set-up.ts';
import { runSignIn } from '../terminal/sign-in.ts';
import { NotTrusted } from '../terminal/trust.ts';
import type { Away } from '../terminal/visit.ts';
import { sentenceOf } from './connection.ts';
import type { Description, Flags } from './description.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { Misused, Refused } from './failure.ts';
import { folderFlags } from './folders.ts';
import { defaultKeysFolder } from './places.ts';
import { chooseStart, startFlags } from './start-flags.ts';
import { systemClock } from './system.ts';
import { type Reached, reachFar, reachHere } from './terminal-reach.ts';

const flags = {
  server: {
    type: 'string',
    value: 'URL',
    text: 'a server elsewhere, such as https://muster.example:8443; its certificate is compared at the first visit and kept',
  },
  linear: {
    type: 'boolean',
    default: false,
    text: 'line by line, for screen readers: nothing is redrawn',
  },
  kiosk: {
    type: 'boolean',
    default: false,
    text: 'a shared terminal at a door: people check in by number and password or PIN; only a host can leave it',
  },
  'sign-in': {
    type: 'boolean',
    default: false,
    text: 'asks who you are also on the machine of the server',
  },
} as const satisfies Flags;

export const description: Description = {
  name: 'terminal',
  summary: 'everything from this terminal: people, groups, sessions, roll',
  flags: { ...folderFlags, ...flags },
  startsServer: true,
};

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { ...startFlags, ...flags },
    allowNegative: true,
  });
  const environment = readEnvironment();
  // some serial lines say that they have no columns
  const isLinear = values.linear || environment.dumb || process.stdout.columns === 0;
  if (!isLinear && !(process.stdin.isTTY && process.stdout.isTTY))
    throw new Misused('muster terminal needs a terminal. With --linear it reads lines.');
  using dialogue = isLinear
    ? openLines(process.stdin, process.stdout)
    : openPage(process.stdin, process.stdout);
  try {
    await using reached =
      values.server === undefined
        ? await reachHere(chooseStart(values, environment))
        : await reachFar(dialogue, values.server, environment);
    if (values.kiosk) await standAtDoor(dialogue, reached, environment);
    else await visit(dialogue, reached, values['sign-in']);
  } catch (error) {
    if (error instanceof Trouble || error instanceof NotTrusted) throw new Refused(error.message);
    if (error instanceof Gone || error instanceof Back) return 0;
    throw error;
  }
  return 0;
}

async function standAtDoor(
  dialogue: Dialogue,
  { visitor }: Reached,
  environment: Environment,
): Promise<void> {
  const visit = visitor();
  const { host } = new URL(visit.origin);
  const path = join(defaultKeysFolder(environment), '..', 'kiosk', host.replaceAll(':', '_'));
  const folder = new KioskFolder(path);
  await runKiosk({ dialogue, visit, folder, explain, now: systemClock.now });
}

/** Signs in and shows the menus; a sign-in that has ended meanwhile is made anew. */
async function visit(dialogue: Dialogue, reached: Reached, asksWho: boolean): Promise<void> {
  const place = { dialogue, explain, keepFile, now: systemClock.now };
  const away = waitAt(dialogue);
  for (;;) {
    const { visit: at, me } = await enter(place, reached, { asksWho, away });
    try {
      return await showHome({ ...place, visit: at, me });
    } catch (error) {
      if (!(error instanceof Trouble) || error.code !== 'sign-in-needed') throw error;
      dialogue.complain('The sign-in has ended.');
    }
  }
}

/** Sets the installation up where it is new; then who is at the terminal. */
async function enter(
  place: Pick<Place, 'dialogue' | 'explain'>,
  { operator, visitor, setUpToken }: Reached,
  { asksWho, away }: { asksWho: boolean; away: Away },
): Promise<{ visit: Place['visit']; me: Me }> {
  const visit = visitor(away);
  const state = await loadSetup(visit.send);
  if (!state.ok) throw new Refused(explain(state.problem));
  if (state.value.needed) {
    const token = await setUpToken();
    if (token === null)
      throw new Refused('This installation is new: set it up on the machine that it runs on.');
    return { visit, me: await runSetUp({ ...place, visit }, token) };
  }
  const own = asksWho ? null : await operator(away);
  if (!own) return { visit, me: await runSignIn({ ...place, visit }) };
  const me = await loadMe(own.send);
  if (!me.ok) throw new Refused(explain(me.problem));
  return { visit: own, me: me.value };
}

const explain = (problem: Problem): string =>
  problem.code === 'offline'
    ? 'The server does not answer. Whether this was done shows when it is back.'
    : sentenceOf(problem);

async function keepFile(name: string, text: string): Promise<string> {
  const path = resolve(name);
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'EEXIST' ? 'is there already and was left as it is' : `cannot be written (${code})`;
    throw new Trouble('internal', `The file ${path} ${why}.`);
  }
  return path;
}
