import { type Job, openJobQueue } from '../client/job-queue.ts';
import type { Problem, Send } from '../client/request.ts';
import { markPeople, undoMark } from '../client/session.ts';
import type { BoardPerson } from '../core/session.wire.ts';
import type { Status } from '../core/status.ts';
import type { RollFeed } from './roll-feed.ts';

/** A mark that was made here: on its way to the server (`seq` null), or taken by it. */
interface Deed {
  readonly person: BoardPerson;
  readonly status: Status;
  readonly job: Job;
  seq: number | null;
}

export interface MarkDeedsOptions {
  readonly send: Send;
  readonly feed: RollFeed;
  /** Resolves when it is worth trying again after nobody answered. */
  readonly patience: () => Promise<void>;
  /** What came of it, as a sentence. */
  readonly tell: (notice: string) => void;
  readonly refused: (person: BoardPerson, problem: Problem) => void;
}

/** Marks and what takes them back, in the order of the keys; while the server is away they wait. */
export class MarkDeeds {
  readonly #options: MarkDeedsOptions;
  readonly #queue;
  #deeds: Deed[] = [];

  constructor(options: MarkDeedsOptions) {
    this.#options = options;
    this.#queue = openJobQueue(options.patience);
  }

  /** What the server has not taken yet, by person. */
  get unsent(): ReadonlyMap<string, Status> {
    const waiting = this.#deeds.filter(({ seq }) => seq === null);
    return new Map(waiting.map(({ person, status }) => [person.id, status]));
  }

  mark(person: BoardPerson, status: Status, note: string): void {
    const { send, feed, tell, refused } = this.#options;
    const now = () => feed.people.get(person.id);
    const body = { people: [person.id], status, ...(note === '' ? {} : { note }) };
    const job: Job = {
      send: () => markPeople(send, feed.board.id, body),
      arrived: () => now()?.record.status === status && now()?.seq !== person.seq,
      done: (seq) => {
        deed.seq = seq ?? now()?.seq ?? 0;
        tell(`${person.name}: ${status}. u takes it back.`);
      },
      refused: (problem) => {
        this.#forget(deed);
        refused(person, problem);
      },
    };
    const deed: Deed = { person, status, job, seq: null };
    this.#deeds.push(deed);
    this.#queue.add(job);
  }

  /** Takes the last mark back, or calls it off where it was not sent. */
  undo(): void {
    const { send, feed, tell, refused } = this.#options;
    const deed = this.#deeds.at(-1);
    if (!deed) {
      tell('Nothing was marked here yet.');
      return;
    }
    const { person } = deed;
    this.#forget(deed);
    if (this.#queue.withdraw(deed.job)) {
      tell(`${person.name}: not sent.`);
      return;
    }
    this.#queue.add({
      send: () => undoMark(send, feed.board.id, person.id, deed.seq ?? 0),
      arrived: () => feed.people.get(person.id)?.record.status === person.record.status,
      done: () => tell(`${person.name}: taken back.`),
      refused: (problem) => {
        if (problem.code !== 'nothing-to-undo') this.#deeds.push(deed);
        refused(person, problem);
      },
    });
  }

  #forget(deed: Deed): void {
    this.#deeds = this.#deeds.filter((each) => each !== deed);
  }
}
