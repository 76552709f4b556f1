import type { Problem, Send } from '../client/request.ts';
import { moveSession } from '../client/session.ts';
import type { BoardPerson } from '../core/session.wire.ts';
import { MarkDeeds } from './mark-deeds.ts';
import { byNumber, drawMarks, findIn, type MarkSize, statusKeys } from './mark-list.ts';
import type { RollFeed } from './roll-feed.ts';

export interface MarkDeskOptions {
  readonly send: Send;
  readonly feed: RollFeed;
  readonly explain: (problem: Problem) => string;
  readonly onChange: () => void;
  /** @param problem why nobody can go on here; null where the person leaves */
  readonly onEnd: (problem: Problem | null) => void;
  /** Resolves when it is worth trying again after nobody answered. */
  readonly patience: () => Promise<void>;
}

/** Marks by keys: the cursor, what is typed, and what the last key did. */
export class MarkDesk {
  readonly #options: MarkDeskOptions;
  readonly #deeds: MarkDeeds;
  /** The cursor stays with its person when others come in before. */
  #who: string | null = null;
  #at = 0;
  #page = 10;
  #notice = '';
  #find = '';
  #reason = '';
  /** What letters do: they are keys (null), or are typed into a field. */
  #typing: 'find' | 'reason' | null = null;
  /** What is done when the same key comes again. */
  #sure: 'close' | 'leave' | null = null;

  constructor(options: MarkDeskOptions) {
    this.#options = options;
    const { send, feed, patience } = options;
    this.#deeds = new MarkDeeds({
      send,
      feed,
      patience,
      tell: (notice) => this.#tell(notice),
      refused: (person, problem) => this.#refuse(problem, `${person.name} stays as it was. `),
    });
  }

  draw(size: MarkSize): string[] {
    const { feed } = this.#options;
    const people = this.#shown();
    this.#page = Math.max(1, size.rows - 4);
    this.#place(people);
    const notice = this.#field() || this.#question() || this.#awayText() || this.#notice;
    const everybody = feed.people.values();
    const { unsent } = this.#deeds;
    return drawMarks({ board: feed.board, people, everybody, unsent, at: this.#at, notice }, size);
  }

  press(key: string): void {
    if (key === 'ctrl+c' || key === '\x04') this.#leave(this.#sure === 'leave');
    else if (this.#typing) this.#type(key);
    else this.#act(key);
    this.#options.onChange();
  }

  #shown(): readonly BoardPerson[] {
    return findIn([...this.#options.feed.people.values()].sort(byNumber), this.#find);
  }

  #place(people: readonly BoardPerson[]): void {
    const found = people.findIndex(({ id }) => id === this.#who);
    if (found >= 0) this.#at = found;
    this.#at = Math.max(0, Math.min(this.#at, people.length - 1));
    this.#who = people[this.#at]?.id ?? null;
  }

  #go(at: number): void {
    this.#at = at;
    this.#who = null;
    this.#place(this.#shown());
  }

  #tell(notice: string): void {
    this.#notice = notice;
    this.#options.onChange();
  }

  #refuse(problem: Problem, before = ''): void {
    const { explain, onEnd } = this.#options;
    if (problem.code === 'sign-in-needed') onEnd(problem);
    this.#tell(before + explain(problem));
  }

  #awayText(): string {
    if (this.#options.feed.line !== 'reconnecting') return '';
    const { size } = this.#deeds.unsent;
    return size === 0 ? 'No server: trying again.' : `No server: trying again. ${size} not sent.`;
  }

  #field(): string {
    if (this.#typing === 'find') return `Find: ${this.#find}_`;
    return this.#typing === 'reason' ? `Reason: ${this.#reason}_` : '';
  }

  /** What the same key does when it comes again, as things stand now. */
  #question(): string {
    const { size } = this.#deeds.unsent;
    if (this.#sure === 'close') {
      const people = [...this.#options.feed.people.values()];
      const left = people.filter(({ record }) => record.status === null);
      return `c again closes and marks ${left.length} absent.`;
    }
    const isLeaving = this.#sure === 'leave' && size > 0;
    return isLeaving ? `${size} not sent yet: q again leaves without.` : '';
  }

  #type(key: string): void {
    const isFind = this.#typing === 'find';
    let text = isFind ? this.#find : this.#reason;
    if (isEscape(key)) text = '';
    else if (key === '\x7f' || key === '\b') text = [...text].slice(0, -1).join('');
    else if (/^[^\p{Cc}\ufffd]$/u.test(key)) text = (text + key).slice(0, 200);
    if (isEscape(key) || key === '\r' || key === '\n') this.#typing = null;
    if (isFind) this.#find = text;
    else this.#reason = text;
    this.#notice = this.#reason === '' ? '' : `Each mark now says: ${this.#reason}`;
  }

  #act(key: string): void {
    const sure = this.#sure;
    this.#sure = null;
    this.#notice = '';
    const status = statusKeys[key.toLowerCase()];
    const person = this.#shown()[this.#at];
    if (status && person) {
      this.#go(this.#at + 1);
      this.#deeds.mark(person, status, this.#reason);
    } else if (key === 'q' || isEscape(key)) this.#leave(sure === 'leave');
    else if (key === 'u') this.#deeds.undo();
    else if (key === 'c') void this.#close(sure === 'close');
    else if (key === '/') this.#typing = 'find';
    else if (key === 'r') this.#typing = 'reason';
    else {
      const step = this.#stepOf(key);
      if (step !== 0) this.#go(this.#at + step);
    }
  }

  #stepOf(key: string): number {
    if (key === 'up' || key === 'k') return -1;
    if (key === 'down' || key === 'j') return 1;
    if (key === 'pageup') return -this.#page;
    if (key === 'pagedown') return this.#page;
    if (key === 'home') return -this.#at;
    return key === 'end' ? this.#options.feed.people.size : 0;
  }

  #leave(isSure: boolean): void {
    const { size } = this.#deeds.unsent;
    if (size === 0 || isSure) this.#options.onEnd(null);
    else this.#sure = 'leave';
  }

  async #close(isSure: boolean): Promise<void> {
    const { send, feed, onEnd } = this.#options;
    const { id, state } = feed.board;
    if (state !== 'open') this.#tell(`This session is ${state}.`);
    else if (this.#deeds.unsent.size > 0) this.#tell('Marks wait for the server: close it after.');
    else if (isSure) {
      const answer = await moveSession(send, id, 'close');
      if (answer.ok) onEnd(null);
      else this.#refuse(answer.problem);
    } else this.#sure = 'close';
  }
}

const isEscape = (key: string): boolean => key === 'escape' || key === '\x1b';
