import type { Problem, Send } from '../client/request.ts';
import { markPeople, moveSession, undoMark } from '../client/session.ts';
import type { BoardPerson } from '../core/session.wire.ts';
import type { Status } from '../core/status.ts';
import { byNumber, drawMarks, findIn, type MarkSize, statusKeys } from './mark-list.ts';
import type { RollFeed } from './roll-feed.ts';

/** A mark that was made here and can be taken back. */
interface Deed {
  readonly person: BoardPerson;
  readonly seq: number;
}

export interface MarkDeskOptions {
  readonly send: Send;
  readonly feed: RollFeed;
  readonly explain: (problem: Problem) => string;
  readonly onChange: () => void;
  readonly onEnd: () => void;
}

/** Marks by keys: the cursor, what was typed, and what can be taken back. */
export class MarkDesk {
  readonly #options: MarkDeskOptions;
  readonly #deeds: Deed[] = [];
  #at = 0;
  #page = 10;
  #notice = '';
  #find = '';
  #reason = '';
  /** What letters do: they are keys (null), or are typed into a field. */
  #typing: 'find' | 'reason' | null = null;
  #isClosing = false;

  constructor(options: MarkDeskOptions) {
    this.#options = options;
  }

  draw(size: MarkSize): string[] {
    const { feed } = this.#options;
    const people = this.#shown();
    this.#page = Math.max(1, size.rows - 4);
    this.#at = Math.max(0, Math.min(this.#at, people.length - 1));
    const away = feed.line === 'reconnecting' ? 'No connection to the server: trying again.' : '';
    const notice = this.#field() ?? (away || this.#notice);
    const everybody = feed.people.values();
    return drawMarks({ board: feed.board, people, everybody, at: this.#at, notice }, size);
  }

  press(key: string): void {
    if (key === 'ctrl+c') this.#options.onEnd();
    else if (this.#typing) this.#type(key);
    else this.#act(key);
    this.#options.onChange();
  }

  #shown(): readonly BoardPerson[] {
    return findIn([...this.#options.feed.people.values()].sort(byNumber), this.#find);
  }

  #field(): string | null {
    if (this.#typing === 'find') return `Find: ${this.#find}_`;
    return this.#typing === 'reason' ? `Reason: ${this.#reason}_` : null;
  }

  #type(key: string): void {
    const isFind = this.#typing === 'find';
    let text = isFind ? this.#find : this.#reason;
    if (isEscape(key)) text = '';
    else if (key === '\x7f' || key === '\b') text = text.slice(0, -1);
    else if (/^[^\p{Cc}\ufffd]$/u.test(key)) text = (text + key).slice(0, 200);
    if (isEscape(key) || key === '\r' || key === '\n') this.#typing = null;
    if (isFind) this.#find = text;
    else this.#reason = text;
    this.#notice = this.#reason === '' ? '' : `Each mark now says: ${this.#reason}`;
  }

  #act(key: string): void {
    const isSure = this.#isClosing;
    this.#isClosing = false;
    this.#notice = '';
    const status = statusKeys[key.toLowerCase()];
    if (status) void this.#mark(status);
    else if (key === 'q' || isEscape(key)) this.#options.onEnd();
    else if (key === 'u') void this.#undo();
    else if (key === 'c') void this.#close(isSure);
    else if (key === '/') this.#typing = 'find';
    else if (key === 'r') this.#typing = 'reason';
    else this.#at += this.#stepOf(key);
  }

  #stepOf(key: string): number {
    if (key === 'up' || key === 'k') return -1;
    if (key === 'down' || key === 'j') return 1;
    if (key === 'pageup') return -this.#page;
    if (key === 'pagedown') return this.#page;
    if (key === 'home') return -this.#at;
    return key === 'end' ? this.#options.feed.people.size : 0;
  }

  async #mark(status: Status): Promise<void> {
    const { send, feed, explain, onChange } = this.#options;
    const person = this.#shown()[this.#at];
    if (!person) return;
    this.#at += 1;
    const note = this.#reason === '' ? {} : { note: this.#reason };
    const answer = await markPeople(send, feed.board.id, { people: [person.id], status, ...note });
    if (answer.ok) this.#deeds.push({ person, seq: answer.value.seq });
    this.#notice = answer.ok
      ? `${person.name}: ${status}. u takes it back.`
      : explain(answer.problem);
    onChange();
  }

  async #undo(): Promise<void> {
    const { send, feed, explain, onChange } = this.#options;
    const deed = this.#deeds.pop();
    if (!deed) this.#notice = 'Nothing was marked here yet.';
    else {
      const answer = await undoMark(send, feed.board.id, deed.person.id, deed.seq);
      const isVoid = answer.ok || answer.problem.code === 'nothing-to-undo';
      if (!isVoid) this.#deeds.push(deed);
      this.#notice = answer.ok ? `${deed.person.name}: taken back.` : explain(answer.problem);
    }
    onChange();
  }

  async #close(isSure: boolean): Promise<void> {
    const { send, feed, explain, onChange, onEnd } = this.#options;
    const { id, state } = feed.board;
    if (state !== 'open') this.#notice = `This session is ${state}.`;
    else if (isSure) {
      const answer = await moveSession(send, id, 'close');
      if (answer.ok) onEnd();
      else this.#notice = explain(answer.problem);
    } else {
      this.#isClosing = true;
      const left = [...feed.people.values()].filter(({ record }) => record.status === null);
      this.#notice = `c again closes and marks ${left.length} absent.`;
    }
    onChange();
  }
}

const isEscape = (key: string): boolean => key === 'escape' || key === '\x1b';
