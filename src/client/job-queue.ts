import { type Answer, type Problem, passesByItself } from './request.ts';

export type Seq = Answer<{ seq: number }>;

/** One thing to be sent to the server. */
export interface Job {
  readonly send: () => Promise<Seq>;
  /** True where an earlier try arrived although its answer was lost. */
  readonly arrived: () => boolean;
  /** The server took it, in the event `seq`; null: it had arrived before. */
  readonly done: (seq: number | null) => void;
  readonly refused: (problem: Problem) => void;
}

/** Sends jobs one after the other; while nobody answers, or only "later", the first of them waits and is tried again. */
export interface JobQueue {
  add(job: Job): void;
  /** Takes a job out that has not been tried yet; false: too late. */
  withdraw(job: Job): boolean;
}

/** @param patience resolves when it is worth trying again after nobody answered */
export function openJobQueue(patience: () => Promise<void>): JobQueue {
  const waiting: Job[] = [];
  let current: Job | null = null;

  async function run(): Promise<void> {
    if (current) return;
    for (current = waiting.shift() ?? null; current; current = waiting.shift() ?? null) {
      await carry(current);
    }
  }

  async function carry(job: Job): Promise<void> {
    for (;;) {
      const answer = await job.send();
      if (answer.ok) return job.done(answer.value.seq);
      if (!passesByItself(answer.problem)) return job.refused(answer.problem);
      await patience();
      if (job.arrived()) return job.done(null);
    }
  }

  return {
    add(job) {
      waiting.push(job);
      void run();
    },
    withdraw(job) {
      const at = waiting.indexOf(job);
      if (at >= 0) waiting.splice(at, 1);
      return at >= 0;
    },
  };
}
