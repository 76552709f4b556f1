import type { Problem } from '../client/request.ts';
import type { TerminalReceipt } from '../core/terminal.wire.ts';
import type { KioskAnswer } from './kiosk-sync.ts';
import type { KioskView } from './kiosk-view.ts';

export interface KioskDeskOptions {
  readonly checkIn: (number: string, secret: string) => Promise<KioskAnswer>;
  /** Null where the person may leave, else why not. */
  readonly leave: (login: string, password: string) => Promise<string | null>;
  readonly explain: (problem: Problem) => string;
  readonly onChange: () => void;
  readonly onEnd: () => void;
  /** Runs a task later; the answer calls it off. */
  readonly after: (ms: number, task: () => void) => () => void;
}

/** An answer stays for so long, or until the next key. */
const answerMs = 6_000;
/** Whoever walks away in the middle leaves nothing on the screen. */
const idleMs = 30_000;
const longest = 200;

type Step = 'number' | 'secret' | 'leave-login' | 'leave-password' | 'busy' | 'answer';

const questions: Readonly<Record<Step, string>> = {
  number: 'Your number, then Enter',
  secret: 'Your PIN or password, then Enter (not shown)',
  'leave-login': 'To leave: number or e-mail of a host, then Enter',
  'leave-password': "The host's password, then Enter (not shown)",
  busy: 'One moment',
  answer: '',
};

/** One person after the other: number, secret, answer, and back to the start. */
export class KioskDesk {
  readonly #options: KioskDeskOptions;
  #step: Step = 'number';
  #first = '';
  #typed = '';
  #answer: KioskView['answer'] = null;
  #callOff: () => void = () => {};
  #isLeaving = false;
  /** What comes of an earlier turn counts no more. */
  #turn = 0;

  constructor(options: KioskDeskOptions) {
    this.#options = options;
  }

  get view(): Pick<KioskView, 'question' | 'typed' | 'answer'> {
    const isHidden = this.#step === 'secret' || this.#step === 'leave-password';
    return {
      question: questions[this.#step],
      typed: isHidden ? '*'.repeat([...this.#typed].length) : this.#typed,
      answer: this.#answer,
    };
  }

  press(key: string): void {
    const isStop = key === 'ctrl+c' || key === '\x1b' || key === 'escape';
    // a check-in is not called off; nobody has to wait for a way out
    if (this.#isBusy() && !(this.#isLeaving && isStop)) return;
    if (this.#isBusy()) this.#begin('number');
    else this.#take(key);
    if (!this.#isBusy()) this.#wait(idleMs);
    this.#options.onChange();
  }

  #take(key: string): void {
    if (this.#step === 'answer') this.#begin('number');
    if (key === 'ctrl+c') this.#begin('leave-login');
    else if (key === '\x1b' || key === 'escape') this.#begin('number');
    else if (key === '\r' || key === '\n') this.#enter();
    else if (key === '\x7f' || key === '\b') this.#typed = [...this.#typed].slice(0, -1).join('');
    else if (/^[^\p{Cc}\ufffd]$/u.test(key) && this.#typed.length < longest) this.#typed += key;
  }

  #isBusy(): boolean {
    return this.#step === 'busy';
  }

  #begin(step: Step): void {
    this.#turn += 1;
    this.#isLeaving = false;
    this.#step = step;
    this.#first = '';
    this.#typed = '';
    this.#answer = null;
  }

  #wait(ms: number): void {
    this.#callOff();
    this.#callOff = this.#options.after(ms, () => {
      this.#begin('number');
      this.#options.onChange();
    });
  }

  #enter(): void {
    const typed = this.#typed;
    if (typed.trim() === '') return;
    if (this.#step === 'number' || this.#step === 'leave-login') {
      this.#first = typed.trim();
      this.#typed = '';
      this.#step = this.#step === 'number' ? 'secret' : 'leave-password';
      return;
    }
    const isLeaving = this.#step === 'leave-password';
    const first = this.#first;
    this.#callOff();
    this.#begin('busy');
    this.#isLeaving = isLeaving;
    void (isLeaving ? this.#leave(first, typed) : this.#checkIn(first, typed));
  }

  async #checkIn(number: string, secret: string): Promise<void> {
    const answer = await this.#options.checkIn(number, secret).catch(() => null);
    if (answer === null)
      this.#show(false, ['Not recorded', 'This terminal cannot write to its disk: tell a host.']);
    else if (answer.kind === 'kept')
      this.#show(true, [
        'Recorded, not yet verified',
        'The server is away. It looks at this as soon as it is back.',
      ]);
    else if (answer.kind === 'refused')
      this.#show(false, ['Not checked in', this.#options.explain(answer.problem)]);
    else this.#show(true, describeReceipt(answer.receipt));
  }

  async #leave(login: string, password: string): Promise<void> {
    const turn = this.#turn;
    const problem = await this.#options.leave(login, password);
    if (turn !== this.#turn) return;
    if (problem === null) this.#options.onEnd();
    else this.#show(false, ['This terminal stays as it is', problem]);
  }

  #show(good: boolean, lines: readonly string[]): void {
    this.#step = 'answer';
    this.#answer = { good, lines };
    this.#wait(answerMs);
    this.#options.onChange();
  }
}

function describeReceipt(receipt: TerminalReceipt): readonly string[] {
  const { name, session, status, already, minutesLate, time } = receipt;
  const where = `${name}, ${session}, ${time}`;
  if (status === 'pending') return ['Two claims: see the host', where];
  if (status === 'none') return ['Nothing stands: see the host', where];
  const late = minutesLate > 0 ? `, ${minutesLate} min late` : '';
  return [already ? `Already in: ${status}${late}` : `Checked in: ${status}${late}`, where];
}
