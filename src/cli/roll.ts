import { parseArgs } from 'node:util';
import { loadBoard, openSession } from '../client/session.ts';
import { connectTo, findServer, granted } from './connection.ts';
import type { ServerHandle } from './control.ts';
import type { Description, Flags } from './description.ts';
import { readEnvironment } from './environment.ts';
import { folderFlags } from './folders.ts';
import { describeClosing } from './roll-closing.ts';
import { showRoll } from './roll-show.ts';
import { serve } from './serve.ts';
import { chooseStart, startFlags } from './start-flags.ts';
import { awaitStop } from './stop-signal.ts';

const flags = {
  ...startFlags,
  json: {
    type: 'boolean',
    default: false,
    text: 'only prints the roll’s id and the address of its board',
  },
} as const satisfies Flags;

export const description: Description = {
  name: 'roll',
  arguments: [{ name: 'TITLE', optional: true, many: true }],
  summary: 'takes attendance now, without roster or accounts, with the code in this terminal',
  flags: { ...folderFlags, json: flags.json },
  startsServer: true,
};

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: flags,
    allowPositionals: true,
    allowNegative: true,
  });
  const environment = readEnvironment();
  const choice = chooseStart(values, environment);
  const { json } = values;
  using stop = awaitStop();
  await using own = new AsyncDisposableStack();
  let handle: ServerHandle | null = await findServer(choice.folders);
  const isOwn = handle === null;
  if (!handle) {
    const serving = own.use(await serve(choice, (line) => process.stderr.write(`${line}\n`)));
    const { operatorToken } = serving.server.app;
    handle = { origin: serving.home, operatorToken: operatorToken.token };
  }
  const connection = connectTo(handle);
  const title = positionals.join(' ').trim();
  const { id } = granted(await openSession(connection.send, title ? { title } : {}));
  const url = `${handle.origin}/app/sessions/${id}`;
  if (json) {
    process.stdout.write(`${JSON.stringify({ id, url })}\n`);
    if (isOwn) await stop.stopped;
    return 0;
  }
  const board = granted(await loadBoard(connection.send, id));
  const end = await showRoll(connection, board, {
    stopped: stop.stopped,
    plain: environment.plain,
  });
  const lines = await describeClosing(connection.send, id, { end, url, isOwn });
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}
