import { setTimeout } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { type Answer, createSend, type Problem, type Send } from '../client/request.ts';
import { problems } from '../server/problem.ts';
import { readInstallation } from '../store/installation.ts';
import { findServerInstallation } from '../store/server-installation.ts';
import { readControl, type ServerHandle } from './control.ts';
import { Refused } from './failure.ts';
import type { Folders } from './folders.ts';

/** How a command speaks with a server of this machine: as the operator, who holds the keys anyway. */
export interface Connection {
  readonly send: Send;
  readonly liveUrl: string;
  /** Opens the live channel as the operator. */
  readonly open: (url: string) => globalThis.WebSocket;
}

export function connectTo({ origin, operatorToken }: ServerHandle): Connection {
  const headers = { authorization: `Bearer ${operatorToken}` };
  return {
    send: createSend({ fetch, base: origin, headers }),
    liveUrl: `${origin.replace(/^http/, 'ws')}/live`,
    // the same interface; only this one can carry the header
    open: (url) => new WebSocket(url, { headers }) as unknown as globalThis.WebSocket,
  };
}

const patienceMs = 15_000;
const lookEveryMs = 200;

/**
 * The server that already runs on these data, or null; one that is just starting is waited for.
 * @throws Refused where that takes too long
 */
export async function findServer({
  address,
  data,
  keysFor,
}: Folders): Promise<ServerHandle | null> {
  const id =
    address.engine === 'sqlite'
      ? (await readInstallation(data))?.installation
      : await findServerInstallation(address);
  if (!id) return null;
  for (let waited = 0; waited < patienceMs; waited += lookEveryMs) {
    const control = await readControl(keysFor(id));
    if (!control) return null;
    if (control.server) return control.server;
    await setTimeout(lookEveryMs);
  }
  throw new Refused(
    `Muster on the data in ${data} does not finish starting: look at its terminal.`,
  );
}

/**
 * The value of an answer.
 * @throws Refused with the server's reason
 */
export function granted<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  throw new Refused(sentenceOf(answer.problem));
}

/** Why a server did not do it. */
export function sentenceOf({ code }: Problem): string {
  return code === 'offline' ? 'The server does not answer.' : `${problems[code][1]}.`;
}
