import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadBoard } from '../client/session.ts';
import { followRoll } from '../terminal/roll-feed.ts';
import { briefStart } from './brief-start.ts';
import { openBrowser } from './browser.ts';
import { connectTo, granted } from './connection.ts';
import { makeDemo } from './demo-organisation.ts';
import { playClass } from './demo-play.ts';
import type { Description, Flags } from './description.ts';
import { readEnvironment } from './environment.ts';
import { serve } from './serve.ts';
import type { StartChoice } from './start-flags.ts';
import { awaitStop } from './stop-signal.ts';
import { systemZone } from './system.ts';

const flags = {
  open: {
    type: 'boolean',
    default: true,
    off: true,
    text: 'prints the link to the board instead of opening it',
  },
} as const satisfies Flags;

export const description: Description = {
  name: 'demo',
  summary: 'shows a class of 60 checking in, in a throw-away organisation that is gone afterwards',
  flags,
};

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: flags,
    allowNegative: true,
  });
  using stop = awaitStop();
  await using parts = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'muster-demo-'));
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  const serving = parts.use(await serve(choiceIn(folder), say));
  const { app } = serving.server;
  const connection = connectTo({ origin: serving.home, operatorToken: app.operatorToken.token });
  const { send, open, liveUrl } = connection;
  const id = await makeDemo(send, app.setUpLink.token ?? '', systemZone());
  const { link } = granted(await send<{ link: string }>('POST', '/api/sign-in-links', {}));
  const page = link.replace('#', `?next=${encodeURIComponent(`/app/sessions/${id}`)}#`);

  say(`Muster demo: 60 students and a visitor check in. Ctrl+C ends it. The board:\n${page}`);
  if (values.open && process.stdout.isTTY) await openBrowser(page, readEnvironment());
  using feed = followRoll({
    send,
    open,
    liveUrl,
    board: granted(await loadBoard(send, id)),
    onChange: () => {},
  });
  const end = new AbortController();
  void stop.stopped.then(() => end.abort());
  await playClass(() => feed.code?.url ?? '', { say, signal: end.signal });
  await stop.stopped;
  say('Removing everything of the demo.');
  return 0;
}

const choiceIn = (folder: string): StartChoice => ({
  ...briefStart({
    address: { engine: 'sqlite', folder: null },
    data: join(folder, 'data'),
    isDefault: false,
    keysFor: () => join(folder, 'keys'),
    masterKey: undefined,
  }),
  host: '0.0.0.0',
  dayFolder: join(folder, 'day files'),
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
