import { randomUUID } from 'node:crypto';
import type { Problem } from '../client/request.ts';
import { leaveTerminal, pairTerminal } from '../client/terminal.ts';
import type { PairedTerminal } from '../core/terminal.wire.ts';
import { Back, type Dialogue } from './dialogue.ts';
import { KioskClock } from './kiosk-clock.ts';
import { KioskDesk } from './kiosk-desk.ts';
import type { KioskFolder, Pairing } from './kiosk-folder.ts';
import { KioskSync } from './kiosk-sync.ts';
import { drawKiosk } from './kiosk-view.ts';
import { granted } from './place.ts';
import { openScreen } from './screen.ts';
import { sealBox } from './sealed-box.ts';
import { styleFor } from './style.ts';
import type { Visit } from './visit.ts';

export interface KioskOptions {
  readonly dialogue: Dialogue;
  readonly visit: Visit;
  readonly folder: KioskFolder;
  readonly explain: (problem: Problem) => string;
  readonly now: () => number;
}

const syncEveryMs = 5_000;
const redrawMs = 1_000;

/** A shared terminal at a door: until a host lets somebody leave it. */
export async function runKiosk(options: KioskOptions): Promise<void> {
  const { folder, visit, dialogue, now } = options;
  const pairing = await findPairing(options);
  const { send } = visit;
  const sync = new KioskSync({ send, folder, pairing, makeId: randomUUID, now });
  const clock = new KioskClock({ send, now, zone: pairing.zone });
  const reach = (): void => {
    void sync.run().catch(() => {});
    void clock.ask();
  };
  const timer = setInterval(reach, syncEveryMs);
  reach();
  try {
    await (dialogue.linear
      ? askByLines(options, pairing, sync)
      : dialogue.lend(() => showScreen(options, { pairing, sync, clock })));
  } finally {
    clearInterval(timer);
  }
}

/** Refusals as they are said at a door, where nobody has a name to sign in with. */
const explainAtDoor =
  ({ explain }: KioskOptions) =>
  (problem: Problem): string =>
    problem.code === 'sign-in-wrong' ? 'Number and PIN or password do not fit.' : explain(problem);

/** The pairing that is kept, or a new one by the code of an administrator. */
async function findPairing(options: KioskOptions): Promise<Pairing> {
  const { dialogue, visit, folder } = options;
  const kept = await folder.readPairing();
  if (kept && kept.origin === visit.origin) return kept;
  dialogue.say(
    'This terminal is not paired yet: an administrator makes a code in muster terminal.',
  );
  const paired = await askCode(options);
  const pairing: Pairing = { origin: visit.origin, ...paired };
  await folder.keepPairing(pairing);
  return pairing;
}

/** Asks until the code is right, or the server cannot be reached. */
async function askCode(options: KioskOptions): Promise<PairedTerminal> {
  const { dialogue, visit, explain } = options;
  for (;;) {
    const answer = await pairTerminal(visit.send, await dialogue.ask('Code'));
    if (answer.ok) return answer.value;
    if (answer.problem.code !== 'link-invalid') return granted(options, answer);
    dialogue.complain(explain(answer.problem));
  }
}

/** Null where this person may leave; else why not. */
async function leave(
  { visit, explain }: KioskOptions,
  { publicKey, token }: Pairing,
  number: string,
  secret: string,
): Promise<string | null> {
  const box = sealBox(publicKey, 'leave', { number, secret });
  const answer = await leaveTerminal(visit.send, token, box);
  if (answer.ok) return null;
  const { code } = answer.problem;
  if (code === 'not-allowed') return 'Only a host or an administrator may leave it.';
  if (code === 'sign-in-wrong') return 'They do not fit. A PIN does not count here.';
  if (code === 'offline') return 'The server does not answer: it says who may leave.';
  return explain(answer.problem);
}

interface Door {
  readonly pairing: Pairing;
  readonly sync: KioskSync;
  readonly clock: KioskClock;
}

async function showScreen(options: KioskOptions, { pairing, sync, clock }: Door): Promise<void> {
  const { folder } = options;
  const { promise, resolve } = Promise.withResolvers<void>();
  const style = styleFor(process.stdout);
  let waiting = 0;
  const desk = new KioskDesk({
    checkIn: (number, secret) => sync.checkIn(number, secret),
    leave: (login, password) => leave(options, pairing, login, password),
    explain: explainAtDoor(options),
    onChange: () => draw(),
    onEnd: resolve,
    after(ms, task) {
      const timer = setTimeout(task, ms);
      return () => clearTimeout(timer);
    },
  });
  using screen = openScreen(process.stdin, process.stdout, {
    onKey: (key) => desk.press(key),
    onResize: () => draw(),
  });
  const refresh = async (): Promise<void> => {
    waiting = (await folder.list()).length;
    draw();
  };
  const timer = setInterval(() => void refresh(), redrawMs);
  // a window that is closed or a terminal that hangs up ends the process; nothing else from the keyboard does
  void refresh();

  function draw(): void {
    const { columns, rows } = screen;
    const { organisation, name } = pairing;
    const { refusedLater } = sync;
    screen.draw(
      drawKiosk(
        { organisation, name, clock: clock.text, waiting, refusedLater, ...desk.view },
        { columns, rows, style },
      ),
    );
  }

  try {
    await promise;
  } finally {
    clearInterval(timer);
  }
}

/** The same line by line. */
async function askByLines(options: KioskOptions, pairing: Pairing, sync: KioskSync): Promise<void> {
  const { dialogue } = options;
  for (;;) {
    try {
      const number = await dialogue.ask(`${pairing.organisation}: your number`);
      const secret = await dialogue.askSecret('PIN or password');
      const answer = await sync.checkIn(number, secret);
      if (answer.kind === 'kept') dialogue.say('Recorded, not yet verified: the server is away.');
      else if (answer.kind === 'refused') dialogue.complain(explainAtDoor(options)(answer.problem));
      else {
        const { name, session, status, time } = answer.receipt;
        dialogue.say(`${name}: ${status} in ${session}, ${time}.`);
      }
    } catch (error) {
      if (!(error instanceof Back)) throw error;
      if (await mayLeave(options, pairing)) return;
    }
  }
}

async function mayLeave(options: KioskOptions, pairing: Pairing): Promise<boolean> {
  const { dialogue } = options;
  try {
    const login = await dialogue.ask('To leave: number or e-mail of a host');
    const password = await dialogue.askSecret("The host's password");
    const problem = await leave(options, pairing, login, password);
    if (problem !== null) dialogue.complain(problem);
    return problem === null;
  } catch (error) {
    if (error instanceof Back) return false;
    throw error;
  }
}
