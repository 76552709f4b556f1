/** Shows on a terminal how far long work has come; says nothing where stderr is not one. */
export class Progress implements Disposable {
  readonly #isTerminal = process.stderr.isTTY === true;
  #shownAt = 0;

  readonly tell = ({ streams, ofStreams, events }: Steps): void =>
    this.show(`${events} events, ${streams} of ${ofStreams} streams`);

  show(text: string): void {
    const now = performance.now();
    if (!this.#isTerminal || now - this.#shownAt < 100) return;
    this.#shownAt = now;
    process.stderr.write(`\r\u001b[K${text}`);
  }

  [Symbol.dispose](): void {
    if (this.#shownAt > 0) process.stderr.write('\r\u001b[K');
  }
}

interface Steps {
  readonly streams: number;
  readonly ofStreams: number;
  readonly events: number;
}
