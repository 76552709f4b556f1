import { parseArgs } from 'node:util';
import { connectTo, findServer, granted } from './connection.ts';
import type { Description, Flags } from './description.ts';
import { Misused, Refused } from './failure.ts';
import { findFolders, folderFlags } from './folders.ts';
import { print } from './output.ts';

const flags = {
  ...folderFlags,
  'new-password': {
    type: 'boolean',
    default: false,
    text: 'the link leads to a new password instead and ends all their sign-ins',
  },
  json: { type: 'boolean', default: false, text: 'prints one JSON document' },
} as const satisfies Flags;

export const description: Description = {
  name: 'sign-in-link',
  arguments: [{ name: 'LOGIN' }],
  summary: 'prints a link that signs somebody in once, within ten minutes, without their password',
  flags,
};

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: flags,
    allowPositionals: true,
  });
  const [login, ...more] = positionals;
  if (login === undefined || more.length > 0) {
    throw new Misused('muster sign-in-link takes one number or e-mail address.');
  }
  const handle = await findServer(findFolders(values));
  if (!handle) throw new Refused('Muster does not run on these data. Start it first: muster start');
  const { send } = connectTo(handle);
  const path = values['new-password'] ? '/api/password-links' : '/api/sign-in-links';
  const answer = await send<{ link: string }>('POST', path, { login });
  if (!answer.ok && answer.problem.code === 'not-found') {
    throw new Refused(`Nobody who can sign in has the number or address "${login}".`);
  }
  const { link } = granted(answer);
  await print(values.json ? JSON.stringify({ link }) : link);
  return 0;
}
