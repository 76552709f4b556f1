// Every screen of `muster terminal` as text, from a real server with a school in it, so that somebody looks at them:
// npm run captures [FOLDER [MANNER]]. Without a folder they go to a new one below the system's temporary folder.
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { adminEmail, adminPassword, type School } from '../school.ts';
import { furnish } from './furnish.ts';
import { keys } from './pseudo-terminal.ts';
import { type Seat, Stage } from './stage.ts';
import { type Shoot, tourAdmin, tourAttendee } from './tour.ts';
import type { Walker } from './walker.ts';

type Manner = Seat & { readonly linear?: boolean };

const manners: Readonly<Record<string, Manner>> = {
  '80x24': {},
  '80x24-no-colour': { env: { NO_COLOR: '1' } },
  '40x10': { columns: 40, rows: 10 },
  linear: { linear: true },
};

const [given, only] = process.argv.slice(2);
const folder = given ? resolve(given) : await mkdtemp(join(tmpdir(), 'muster-captures-'));
let count = 0;
for (const [name, manner] of Object.entries(manners))
  if (!only || name === only) await captureAll(name, manner);
console.log(`${count} screens are in ${folder}`);

async function captureAll(name: string, { linear = false, ...seat }: Manner): Promise<void> {
  await using stage = await Stage.open();
  const { school } = stage;
  const { attendee } = await furnish(school);
  const place = join(folder, name);
  await mkdir(place, { recursive: true });
  const open = (...flags: string[]): Walker =>
    linear ? stage.openLines({ ...seat, flags }) : stage.openPage({ ...seat, flags });
  {
    await using walker = open();
    const shoot = shooter(walker, place);
    await walker.answer('Number or e-mail address', 'nobody');
    await walker.answer('Password', 'wrong-password');
    await walker.asked('Number or e-mail address');
    await shoot('sign-in-wrong');
    walker.terminal.type(`${walker.linear ? '' : keys.clear}${adminEmail}${keys.enter}`);
    await walker.answer('Password', adminPassword);
    await walker.ready();
    await shoot('home');
    await tourAdmin(walker, shoot);
  }
  {
    const { password } = (
      await school.admin.post<{ password: string }>(`/api/people/${attendee}/password`)
    ).value;
    await using walker = open();
    const shoot = shooter(walker, place);
    await walker.answer('Number or e-mail address', '007');
    await walker.answer('Password', password);
    await walker.asked('A new password');
    await shoot('password-given');
    await walker.answer('A new password', 'tulip-harbour-lantern-9');
    await walker.answer('The same again', 'tulip-harbour-lantern-9');
    await tourAttendee(walker, shoot);
  }
  await captureKiosk(school, open('--kiosk'), place);
}

async function captureKiosk(school: School, walker: Walker, place: string): Promise<void> {
  await using _ = walker;
  const shoot = shooter(walker, place);
  const { terminal, linear } = walker;
  const { code } = (await school.admin.post<{ code: string }>('/api/terminals', { name: 'Door' }))
    .value;
  await walker.asked('Code');
  await shoot('kiosk-pair');
  terminal.type(code + keys.enter);
  const password = `tulip-harbour-lantern-9${keys.enter}`;
  const steps = linear
    ? [
        ['kiosk-number', 'your number', `007${keys.enter}`],
        ['kiosk-secret', 'PIN or password', password],
        ['kiosk-in', 'your number', keys.stop],
        ['kiosk-leave', 'To leave', ''],
      ]
    : [
        ['kiosk-number', 'Your number', `007${keys.enter}`],
        ['kiosk-secret', 'Your PIN', password],
        ['kiosk-in', 'Checked in', `${keys.escape}007${keys.enter}wrong${keys.enter}`],
        ['kiosk-refused', 'Not checked in', keys.stop],
        ['kiosk-leave', 'To leave', ''],
      ];
  for (const [name = '', said = '', text = ''] of steps) {
    await (linear ? walker.asked(said) : terminal.shows(said));
    await shoot(name);
    terminal.type(text);
  }
}

/** Writes the window, or of lines what came since the last time. */
function shooter(walker: Walker, place: string): Shoot {
  let read = 0;
  return async (name) => {
    const { all } = walker.terminal;
    const text = walker.linear ? all.slice(read) : await walker.terminal.screen();
    read = all.length;
    count += 1;
    await writeFile(join(place, `${name}.txt`), `${text}\n`);
  };
}
