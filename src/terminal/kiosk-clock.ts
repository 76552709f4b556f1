import type { Send } from '../client/request.ts';
import { loadTerminalKey } from '../client/terminal.ts';
import { dayAndTime } from './when.ts';

export interface KioskClockPorts {
  readonly send: Send;
  /** Epoch ms. */
  readonly now: () => number;
  /** IANA zone until the server has said one. */
  readonly zone: string;
}

/** The time at a shared terminal, in the zone of the organisation, as the answers to check-ins are. */
export class KioskClock {
  readonly #ports: KioskClockPorts;
  #zone: string;
  #isAnswered = false;

  constructor(ports: KioskClockPorts) {
    this.#ports = ports;
    this.#zone = ports.zone;
  }

  /** `09:02` */
  get text(): string {
    const [, time = ''] = dayAndTime(this.#ports.now(), this.#zone).split(' ');
    return time;
  }

  /** Asks the server for its zone, unless it has answered already: the zone may be another since the pairing. */
  async ask(): Promise<void> {
    if (this.#isAnswered) return;
    const answer = await loadTerminalKey(this.#ports.send);
    if (!answer.ok) return;
    this.#isAnswered = true;
    this.#zone = answer.value.zone;
  }
}
