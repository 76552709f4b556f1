import { batch, type ReadonlySignal, signal } from '@preact/signals';
import { connectLive, type LiveState } from '../../client/live.ts';
import { type Answer, type Problem, passesByItself } from '../../client/request.ts';
import type { BoardFrame, CodeFrame } from '../../core/live.wire.ts';
import type { Board } from '../../core/session.wire.ts';
import { attended } from '../../core/status.ts';
import { absorbBoard, applyFrame, type BoardState, openBoard } from './state.ts';

/** A session's board and code as they come in; what the board, the projector view and their parts read. */
export interface Feed extends Disposable {
  /** null until the first answer. */
  readonly state: ReadonlySignal<BoardState | null>;
  /** Why there is no board, or why it may not be seen any more. */
  readonly problem: ReadonlySignal<Problem | null>;
  readonly code: ReadonlySignal<CodeFrame | null>;
  readonly line: ReadonlySignal<LiveState>;
  /** People who came while the page looked on, with the local time of it: they slide in once. */
  readonly arrivals: ReadonlyMap<string, number>;
  /** The newest state, also between two pictures. */
  latest(): BoardState | null;
  heardAt(): number;
  serverNow(): number;
  /** Fetches the session again. */
  reload(): Promise<void>;
}

export interface FeedPorts {
  readonly load: () => Promise<Answer<Board>>;
  readonly isSignedIn: () => Promise<boolean>;
}

/** A board that could not be fetched for the moment is asked for again. */
const againMs = 3_000;

/** Opens the feed of one session; dispose of it when the page goes. */
export function openFeed(id: string, url: string, ports: FeedPorts): Feed {
  const state = signal<BoardState | null>(null);
  const problem = signal<Problem | null>(null);
  const code = signal<CodeFrame | null>(null);
  const line = signal<LiveState>('connecting');
  const arrivals = new Map<string, number>();
  let latest: BoardState | null = null;
  let wanted = 0;
  let asked = 0;
  let loading: Promise<void> | null = null;
  let drawing = 0;
  let again: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  const live = connectLive(url, {
    isSignedIn: ports.isSignedIn,
    onState(next) {
      line.value = next;
      if (next === 'online' && (!latest || latest.sessionSeq < wanted)) void reload();
    },
  });
  const retry = () => live.retry();
  globalThis.addEventListener('online', retry);

  // A burst of frames is drawn once, with the next picture.
  function draw(): void {
    drawing ||= requestAnimationFrame(() => {
      drawing = 0;
      state.value = latest;
    });
  }

  function reload(): Promise<void> {
    asked += 1;
    loading ??= load().finally(() => {
      loading = null;
    });
    return loading;
  }

  async function load(): Promise<void> {
    clearTimeout(again);
    for (let turn = 0; turn < 8; turn += 1) {
      const asking = asked;
      const answer = await ports.load();
      if (!answer.ok) {
        if (!latest) problem.value = answer.problem;
        if (!over && passesByItself(answer.problem))
          again = setTimeout(() => void reload(), againMs);
        return;
      }
      const first = latest === null;
      latest = latest ? absorbBoard(latest, answer.value) : openBoard(answer.value);
      batch(() => {
        problem.value = null;
        state.value = latest;
      });
      if (first) watch();
      if (latest.sessionSeq >= wanted && asked === asking) return;
    }
  }

  function watch(): void {
    live.subscribe({
      topic: `session:${id}`,
      since: () => latest?.seq ?? 0,
      take: (frame) => (frame.kind === 'board' ? takeFrame(frame) : 'taken'),
      refused,
    });
    live.subscribe({
      topic: `code:${id}`,
      since: () => 0,
      take(frame) {
        if (frame.kind === 'code') code.value = frame;
        return 'taken';
      },
      refused,
    });
  }

  function refused(reason: string): void {
    const known = reason as Problem['code'];
    problem.value = { code: known, status: 403, requestId: null, detail: {} };
  }

  function takeFrame(frame: BoardFrame): 'taken' | 'gap' {
    if (!latest) return 'taken';
    const next = applyFrame(latest, frame);
    if (next === 'gap') return 'gap';
    if (next !== latest) {
      for (const { id: who, record } of frame.people) {
        if (!attended(record.status) || record.how === 'host') continue;
        if (!attended(latest.people.get(who)?.record.status ?? null))
          arrivals.set(who, performance.now());
      }
    }
    latest = next;
    if (frame.reload || frame.state !== undefined) {
      wanted = Math.max(wanted, frame.seq);
      void reload();
    }
    draw();
    return 'taken';
  }

  void reload();
  return {
    state,
    problem,
    code,
    line,
    arrivals,
    latest: () => latest,
    heardAt: () => live.heardAt,
    serverNow: live.serverNow,
    reload,
    [Symbol.dispose]() {
      live[Symbol.dispose]();
      over = true;
      clearTimeout(again);
      cancelAnimationFrame(drawing);
      globalThis.removeEventListener('online', retry);
    },
  };
}
