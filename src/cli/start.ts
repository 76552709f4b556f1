import { parseArgs } from 'node:util';
import { styleFor } from '../terminal/style.ts';
import { openBrowser } from './browser.ts';
import { fingerprintOf } from './certificate.ts';
import type { Description } from './description.ts';
import { readEnvironment } from './environment.ts';
import { type Serving, serve } from './serve.ts';
import { chooseStart, type StartChoice, startFlags } from './start-flags.ts';
import { awaitStop } from './stop-signal.ts';
import { readVersion } from './version.ts';
import { describeStart, type Welcome } from './welcome.ts';

export const description: Description = {
  name: 'start',
  summary: 'serves attendance on this machine until Ctrl+C; the first time it makes data and keys',
  flags: startFlags,
};

export async function run(args: string[]): Promise<number> {
  const environment = readEnvironment();
  const { values } = parseArgs({ args, options: startFlags, allowNegative: true });
  const choice = chooseStart(values, environment);
  using stop = awaitStop();
  await using serving = await serve(choice, say);
  const welcome = welcomeOf(serving, choice);
  const isTerminal = process.stdout.isTTY === true;
  const lines = describeStart(welcome, {
    columns: process.stdout.columns ?? 80,
    style: styleFor(process.stdout),
    ground: isTerminal
      ? process.stdout.hasColors() && !environment.plain
        ? 'colour'
        : 'dark'
      : null,
  });
  say(lines.join('\n'));
  if (choice.open && isTerminal) await openBrowser(homePage(welcome), environment);
  await stop.stopped;
  say(
    choice.drainMs === 0
      ? 'Stopping: answers under way are finished first.'
      : `Stopping: served for ${choice.drainMs / 1_000} s more, so that the load balancer notices.`,
  );
  return 0;
}

function welcomeOf(
  { server, keyFolder, authority, isFirst, home }: Serving,
  choice: StartChoice,
): Welcome {
  const phones = server.app
    .origins()
    .filter(({ kind }) => kind === 'lan' || kind === 'public')
    .map(({ origin }) => origin);
  const first = phones[0];
  return {
    version: readVersion(),
    home,
    phones,
    hosts: first && server.httpsPort !== null ? server.app.secureOrigin(first) : null,
    fingerprint: authority && fingerprintOf(authority),
    data: server.app.config.database ?? choice.folders.data,
    keys: keyFolder,
    dayFiles: choice.dayFolder,
    isFirst,
    setUpToken: server.app.setUpLink.token,
  };
}

const homePage = ({ home, setUpToken }: Welcome): string =>
  setUpToken === null ? `${home}/app/` : `${home}/app/setup#${setUpToken}`;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
