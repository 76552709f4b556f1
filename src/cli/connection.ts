import { setTimeout } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { type Answer, createSend, type Problem, type Send } from '../client/request.ts';
import { problems } from '../server/problem.ts';
import { describeAddress } from '../store/database-address.ts';
import { readInstallation } from '../store/installation.ts';
import { findServerInstallation } from '../store/server-installation.ts';
import { operatorHeaders } from '../terminal/visit.ts';
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
  const headers = operatorHeaders(operatorToken);
  return {
    send: createSend({ fetch, base: origin, headers }),
    liveUrl: `${origin.replace(/^http/, 'ws')}/live`,
    // the same interface; only this one can carry the header
    open: (url) => new WebSocket(url, { headers }) as unknown as globalThis.WebSocket,
  };
}

const patienceMs = 15_000;
/** For a command that works on the same data: an import takes its time. */
const briefPatienceMs = 10 * 60_000;
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
  const place = address.engine === 'sqlite' ? data : describeAddress(address);
  for (let waited = 0; ; waited += lookEveryMs) {
    const control = await readControl(keysFor(id), place);
    if (!control) return null;
    if (control.server) return control.server;
    if (waited >= (control.isBrief ? briefPatienceMs : patienceMs)) break;
    await setTimeout(lookEveryMs);
  }
  throw new Refused(
    `Muster on the data in ${data} does not finish starting: look at its terminal.`,
    'busy',
  );
}

/**
 * The value of an answer.
 * @throws Refused with the server's reason
 */
export function granted<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  throw new Refused(sentenceOf(answer.problem), answer.problem.code);
}

/** Why a server did not do it, with what it says of limits and time. */
export function sentenceOf({ code, detail }: Problem): string {
  if (code === 'offline') return 'The server does not answer.';
  if (code === 'secure-only')
    return 'The server takes this over a secure connection only: name it by https://, and let a proxy in front of it send X-Forwarded-Proto.';
  const field = code === 'input-invalid' && detail.field ? ` (${detail.field})` : '';
  const { max, min, retryAfter } = detail;
  return [
    `${problems[code][1]}${field}.`,
    ...(typeof max === 'number' ? [`At most ${max}.`] : []),
    ...(typeof min === 'number' ? [`At least ${min}.`] : []),
    ...(typeof retryAfter === 'number' ? [`Try again in ${retryAfter} s.`] : []),
  ].join(' ');
}
