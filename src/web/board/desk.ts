import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { type Job, openJobQueue, type Seq } from '../../client/job-queue.ts';
import type { Problem } from '../../client/request.ts';
import type { BoardPerson } from '../../core/session.wire.ts';
import type { Status } from '../../core/status.ts';
import {
  acknowledge,
  type Change,
  layOver,
  markedRecord,
  type Patch,
  settleChanges,
  unsyncedIn,
} from './change.ts';
import type { BoardState, People } from './state.ts';

/** What the host last did, for the line that says so. */
export type Deed =
  | {
      readonly kind: 'mark';
      readonly people: readonly BoardPerson[];
      readonly status: Status | null;
    }
  | { readonly kind: 'note'; readonly people: readonly BoardPerson[] }
  | { readonly kind: 'undo'; readonly people: readonly BoardPerson[] };

/** The host's own hand: marks and notes that show at once, go to the server in order, and can be taken back. */
export interface Desk {
  readonly people: ReadonlySignal<People>;
  /** People with something that is not on the server's board yet. */
  readonly unsynced: ReadonlySignal<ReadonlySet<string>>;
  readonly deed: ReadonlySignal<Deed | null>;
  readonly canUndo: ReadonlySignal<boolean>;
  mark(ids: readonly string[], status: Status | null): void;
  note(id: string, note: string): void;
  undo(): void;
}

export interface DeskPorts {
  readonly state: ReadonlySignal<BoardState | null>;
  readonly latest: () => BoardState | null;
  readonly now: () => number;
  readonly sendMark: (people: readonly string[], status: Status | null) => Promise<Seq>;
  readonly sendNote: (person: string, note: string) => Promise<Seq>;
  readonly sendUndo: (person: string, seq: number) => Promise<Seq>;
  /** Resolves when the board shows the event `seq`, or will not soon. */
  readonly reached: (seq: number) => Promise<void>;
  /** Resolves when it is worth trying again after nobody answered, or only "later". */
  readonly patience: () => Promise<void>;
  /** The server refused, and what was shown is taken back. */
  readonly refused: (problem: Problem) => void;
}

interface Sending {
  readonly change: number;
  readonly job: Job;
}

export function openDesk(ports: DeskPorts): Desk {
  const { state, latest } = ports;
  const changes = signal<readonly Change[]>([]);
  const deed = signal<Deed | null>(null);
  const undoable = signal<readonly (() => void)[]>([]);
  const queue = openJobQueue(ports.patience);
  let lastId = 0;
  let lastSeq = 0;

  const people = computed(() => {
    const now = state.value;
    return now ? layOver(now.people, settleChanges(changes.value, now.seq)) : new Map();
  });
  const unsynced = computed(() => unsyncedIn(settleChanges(changes.value, state.value?.seq ?? 0)));

  function enqueue(
    patches: ReadonlyMap<string, Patch>,
    work: Pick<Job, 'send' | 'arrived'>,
  ): Sending {
    lastId += 1;
    const change = lastId;
    const reached = () => latest()?.seq ?? 0;
    const job: Job = {
      ...work,
      done(seq) {
        if (seq !== null) lastSeq = seq;
        changes.value = acknowledge(changes.value, change, seq ?? reached());
      },
      refused(problem) {
        forget(change);
        ports.refused(problem);
      },
    };
    const open = settleChanges(changes.value, reached());
    changes.value = [...open, { id: change, patches, ack: null }];
    queue.add(job);
    return { change, job };
  }

  function forget(change: number): void {
    changes.value = changes.value.filter(({ id }) => id !== change);
    undoable.value = undoable.value.filter((undo) => undo !== undos.get(change));
  }

  const undos = new Map<number, () => void>();
  function remember(
    { change, job }: Sending,
    before: readonly BoardPerson[],
    takeBack: () => void,
  ): void {
    const undo = () => {
      deed.value = { kind: 'undo', people: before };
      if (queue.withdraw(job)) forget(change);
      else takeBack();
    };
    undos.set(change, undo);
    undoable.value = [...undoable.value, undo];
  }

  function mark(ids: readonly string[], status: Status | null): void {
    const before = ids
      .flatMap((id) => people.value.get(id) ?? [])
      .filter((one) => !stands(one, status));
    if (before.length === 0) return;
    const startsAt = latest()?.session.startsAt ?? 0;
    const marked = (one: BoardPerson) => markedRecord(one.record, status, ports.now(), startsAt);
    const patches = before.map((one) => [one.id, { record: marked(one), claims: [] }] as const);
    const known = new Map(before.map(({ id }) => [id, latest()?.people.get(id)?.seq]));
    const who = before.map(({ id }) => id);
    const sending = enqueue(new Map(patches), {
      send: () => ports.sendMark(who, status),
      arrived: () =>
        who.every((id) => {
          const now = latest()?.people.get(id);
          return now?.record.status === status && now.seq !== known.get(id);
        }),
    });
    deed.value = { kind: 'mark', people: before, status };
    remember(sending, before, () => takeBackMark(before, status));
  }

  /** The server takes back a person's latest mark that stands, and the one below it when asked again. */
  function takeBackMark(before: readonly BoardPerson[], status: Status | null): void {
    for (const { id, record, claims } of before) {
      enqueue(new Map([[id, { record, claims }]]), {
        async send() {
          await ports.reached(lastSeq);
          const now = latest()?.people.get(id);
          if (!now || now.record.status !== status) return nothingToUndo;
          return ports.sendUndo(id, now.seq);
        },
        arrived: () => latest()?.people.get(id)?.record.status === record.status,
      });
    }
  }

  function note(id: string, next: string): void {
    const before = people.value.get(id);
    if (!before || (before.note ?? '') === next) return;
    const write = (noted: string) =>
      enqueue(new Map([[id, { note: noted === '' ? null : noted }]]), {
        send: () => ports.sendNote(id, noted),
        arrived: () => (latest()?.people.get(id)?.note ?? '') === noted,
      });
    const sending = write(next);
    deed.value = { kind: 'note', people: [before] };
    remember(sending, [before], () => write(before.note ?? ''));
  }

  return {
    people,
    unsynced,
    deed,
    canUndo: computed(() => undoable.value.length > 0),
    mark,
    note,
    undo() {
      const last = undoable.value.at(-1);
      undoable.value = undoable.value.slice(0, -1);
      last?.();
    },
  };
}

const nothingToUndo: Seq = {
  ok: false,
  problem: { code: 'nothing-to-undo', status: 409, requestId: null, detail: {} },
};

/** Marking again what stands would only add noise to the ledger. */
function stands({ record }: BoardPerson, status: Status | null): boolean {
  return record.status === status && !record.pending && record.how !== 'closing';
}
