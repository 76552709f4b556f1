import { type Problem, passesByItself, type Send } from '../client/request.ts';
import { checkInByBox } from '../client/terminal.ts';
import type { TerminalReceipt } from '../core/terminal.wire.ts';
import type { KioskFolder, Pairing, Waiting } from './kiosk-folder.ts';
import { sealBox } from './sealed-box.ts';

/** What came of a check-in: an answer of the server, or that it is kept until the server can be reached. */
export type KioskAnswer =
  | { readonly kind: 'receipt'; readonly receipt: TerminalReceipt }
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'kept' };

export interface KioskPorts {
  readonly send: Send;
  readonly folder: KioskFolder;
  readonly pairing: Pairing;
  readonly makeId: () => string;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Longest that somebody at the door waits for the server. */
const patienceMs = 4_000;

/** Sends check-ins, each kept on the disk before it is sent and until it is answered. */
export class KioskSync {
  readonly #ports: KioskPorts;
  #isRunning = false;
  /** How many were refused when the server looked at them later: somebody has to be told. */
  refusedLater = 0;

  constructor(ports: KioskPorts) {
    this.#ports = ports;
  }

  async checkIn(number: string, secret: string): Promise<KioskAnswer> {
    const { folder, pairing, makeId, now } = this.#ports;
    const attempt = makeId();
    const box = sealBox(pairing.publicKey, attempt, { number, secret });
    const waiting: Waiting = { attempt, at: now(), box };
    await folder.keep(waiting);
    const answer = await Promise.race([this.#send(waiting, null), lateAnswer()]);
    if (answer.kind !== 'kept') await folder.drop(waiting);
    return answer;
  }

  /** Sends what waits. Whoever was refused is counted; a revoked terminal keeps everything. */
  async run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      for (const waiting of await this.#ports.folder.list()) {
        // what is just being sent from the keyboard is not sent again beside it
        if (this.#ports.now() - waiting.at < 2 * patienceMs) continue;
        const answer = await this.#send(waiting, waiting.at);
        if (answer.kind === 'kept') return;
        if (answer.kind === 'refused' && answer.problem.code === 'not-allowed') return;
        if (answer.kind === 'refused') this.refusedLater += 1;
        await this.#ports.folder.drop(waiting);
      }
    } finally {
      this.#isRunning = false;
    }
  }

  async #send({ attempt, box }: Waiting, at: number | null): Promise<KioskAnswer> {
    const { send, pairing } = this.#ports;
    const answer = await checkInByBox(send, {
      token: pairing.token,
      attempt,
      at: at as never,
      box,
    });
    if (answer.ok) return { kind: 'receipt', receipt: answer.value };
    const { problem } = answer;
    const passes = passesByItself(problem) || problem.code === 'internal';
    const isLater = at !== null && problem.code === 'sign-in-throttled';
    return passes || isLater ? { kind: 'kept' } : { kind: 'refused', problem };
  }
}

const lateAnswer = (): Promise<KioskAnswer> =>
  new Promise((resolve) => {
    setTimeout(() => resolve({ kind: 'kept' }), patienceMs).unref();
  });
