import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { loadMe, signIn, signOut } from '../../client/account.ts';
import type { Me } from '../../core/account.wire.ts';
import { NotTrusted, pinKnownServer } from '../../terminal/trust.ts';
import { openVisit, type Visit } from '../../terminal/visit.ts';
import { briefStart } from '../brief-start.ts';
import { findServer, granted } from '../connection.ts';
import type { ServerHandle } from '../control.ts';
import type { Flags } from '../description.ts';
import { type Environment, readEnvironment } from '../environment.ts';
import { Misused, Refused } from '../failure.ts';
import { checkThere, type FolderChoice, findFolders, folderFlags } from '../folders.ts';
import { defaultKeysFolder } from '../places.ts';
import { serve } from '../serve.ts';
import { readOrigin } from '../server-origin.ts';
import { readInput } from './input.ts';

/** How a command for scripts is told which server it speaks with, and as whom. */
export const reachFlags = {
  ...folderFlags,
  server: {
    type: 'string',
    value: 'URL',
    text: 'a server elsewhere, such as https://muster.example:8443; needs --as',
  },
  pin: {
    type: 'string',
    value: 'SHA256',
    text: 'the fingerprint of its certificate; without it, one that muster terminal was told to trust, or that the system trusts',
  },
  as: {
    type: 'string',
    value: 'LOGIN',
    text: 'signs in by this number or e-mail address; without it, on the server’s machine, as its operator',
  },
  'password-file': { type: 'string', value: 'FILE', text: 'the password for --as; - reads it' },
  json: { type: 'boolean', default: false, text: 'prints one JSON document' },
} as const satisfies Flags;

export interface ReachChoice extends FolderChoice {
  readonly server?: string | undefined;
  readonly pin?: string | undefined;
  readonly as?: string | undefined;
  readonly 'password-file'?: string | undefined;
}

/** A server, and who speaks with it. */
export interface Reached extends AsyncDisposable {
  readonly visit: Visit;
  readonly me: Me;
}

const tries = 10;
const pauseMs = 500;

/**
 * Finds the server, or starts one for as long as the command takes, and signs in where that is wanted.
 * @throws Misused, Refused, FolderError, KeyError, DatabaseError
 */
export async function reachServer(choice: ReachChoice): Promise<Reached> {
  const { server, pin, as } = choice;
  if (server === undefined && pin !== undefined)
    throw new Misused('--pin is for a server elsewhere: name it with --server.');
  if (server !== undefined && as === undefined)
    throw new Misused('--server needs --as LOGIN and --password-file FILE.');
  if ((as === undefined) !== (choice['password-file'] === undefined))
    throw new Misused('--as and --password-file are given together.');
  await using parts = new AsyncDisposableStack();
  const environment = readEnvironment();
  const visit =
    server === undefined
      ? await reachHere(choice, parts, environment)
      : await reachFar(server, pin, environment);
  const me =
    as === undefined
      ? granted(await loadMe(visit.send))
      : await enter(visit, as, choice['password-file'] ?? '-', parts);
  const all = parts.move();
  return { visit, me, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function reachHere(
  choice: ReachChoice,
  parts: AsyncDisposableStack,
  environment: Environment,
): Promise<Visit> {
  const folders = findFolders(choice, environment);
  await checkThere(folders);
  const { origin, operatorToken: token } = await findOrStart();
  return openVisit({ origin, pin: null, ...(choice.as === undefined ? { token } : {}) });

  /** Of two commands that come at once one starts the server, and the other finds it. */
  async function findOrStart(): Promise<ServerHandle> {
    for (let round = 1; ; round += 1) {
      const found = await findServer(folders);
      if (found) return found;
      try {
        const { server } = parts.use(await serve(briefStart(folders), () => {}));
        return {
          origin: `http://127.0.0.1:${server.port}`,
          operatorToken: server.app.operatorToken.token,
        };
      } catch (error) {
        if (!(error instanceof Refused) || error.code !== 'running' || round === tries) throw error;
        await setTimeout(pauseMs);
      }
    }
  }
}

async function reachFar(
  server: string,
  fingerprint: string | undefined,
  environment: Environment,
): Promise<Visit> {
  const origin = readOrigin(server);
  const file = join(defaultKeysFolder(environment), '..', 'known-servers.json');
  try {
    return openVisit({ origin, pin: await pinKnownServer({ origin, file, fingerprint }) });
  } catch (error) {
    if (error instanceof NotTrusted) throw new Refused(error.message, 'not-trusted');
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Refused(
      `${origin} does not answer (${code}). Check the address and the network.`,
      'offline',
    );
  }
}

/** Signs in, and out again at the end. */
async function enter(
  visit: Visit,
  login: string,
  file: string,
  parts: AsyncDisposableStack,
): Promise<Me> {
  const password = (await readInput(file)).replace(/\r?\n$/, '');
  const me = granted(await signIn(visit.send, { login, password }));
  if ('secondStep' in me)
    throw new Refused(
      'This account has a second step, which a script cannot take: use one without.',
      'second-step-needed',
    );
  parts.defer(async () => {
    await signOut(visit.send);
  });
  if (me.must === null) return me;
  throw new Refused(
    me.must === 'password'
      ? 'This password was given to you: choose your own first, in a browser or with muster terminal.'
      : 'Your organisation wants a second step of you: set it up in a browser. A script cannot take it.',
    me.must === 'password' ? 'password-change-needed' : 'second-step-needed',
  );
}
