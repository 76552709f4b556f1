import type { BoardFrame, CodeFrame, LiveFrame, LiveRequest } from '../core/live.wire.ts';
import { createServerClock } from './server-clock.ts';

/** `signed-out` is final: the page goes to sign-in. */
export type LiveState = 'connecting' | 'online' | 'reconnecting' | 'signed-out';

/** One topic, and what its reader has of it. */
export interface Topic {
  readonly topic: string;
  /** The last sequence that was applied; asked at every (re)subscription, so the backfill begins there. */
  since(): number;
  /** Answers `gap` where something before the frame is missing: it is then asked for again. */
  take(frame: BoardFrame | CodeFrame): 'taken' | 'gap';
  /** The server will not give this topic. */
  refused?(code: string): void;
}

export interface Live extends Disposable {
  readonly state: LiveState;
  /** When something was last heard, by the server's clock; 0: never. */
  readonly heardAt: number;
  /** @returns a function that ends the subscription */
  subscribe(topic: Topic): () => void;
  /** The server's time, epoch ms. */
  serverNow(): number;
  /** Connects at once instead of waiting: the machine says that the network is back. */
  retry(): void;
}

export interface LivePorts {
  readonly open: (url: string) => WebSocket;
  /** Milliseconds of a clock that nobody sets. */
  readonly now: () => number;
  /** The local clock's epoch ms: stands in until the server has spoken. */
  readonly epochNow: () => number;
  readonly random: () => number;
  /** Runs `task` after `ms`; the answer calls it off. */
  readonly after: (ms: number, task: () => void) => () => void;
  /** Asked when a connection is refused at the door; false: the sign-in is over. */
  readonly isSignedIn: () => Promise<boolean>;
  readonly onState: (state: LiveState) => void;
}

const platform: LivePorts = {
  open: (url) => new WebSocket(url),
  now: () => performance.now(),
  epochNow: () => Date.now(),
  random: () => Math.random(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
  isSignedIn: async () => true,
  onState: () => {},
};

const pingEveryMs = 3_000;
/** A ping that nothing answers for this long: the connection is dead, whatever the socket says. */
const deadAfterMs = 6_000;
const firstWaitMs = 250;
const longestWaitMs = 15_000;

/** Connects to the live channel and stays connected until disposed. */
export function connectLive(url: string, ports: Partial<LivePorts> = {}): Live {
  const { open, now, epochNow, random, after, isSignedIn, onState } = { ...platform, ...ports };
  const clock = createServerClock(now, epochNow);
  const topics = new Map<string, Topic>();
  const asked = new Set<string>();
  let state: LiveState = 'connecting';
  let socket: WebSocket | null = null;
  let failures = 0;
  let heardAt = 0;
  let pingAt: number | null = null;
  let callOff = () => {};
  let over = false;

  function enter(next: LiveState): void {
    if (over || state === next || state === 'signed-out') return;
    state = next;
    onState(next);
  }

  function send(request: LiveRequest): void {
    if (socket?.readyState === 1) socket.send(JSON.stringify(request));
  }

  function ask(topic: Topic): void {
    asked.add(topic.topic);
    send({ do: 'subscribe', topic: topic.topic, since: topic.since() });
  }

  function drop(): void {
    callOff();
    const old = socket;
    socket = null;
    pingAt = null;
    if (!old) return;
    old.onopen = old.onmessage = old.onclose = null;
    old.close();
  }

  function connect(): void {
    drop();
    const mine = open(url);
    let opened = false;
    socket = mine;
    callOff = after(deadAfterMs, () => lose(false));
    mine.onerror = () => {};
    mine.onopen = () => {
      opened = true;
      // the time to open is over; from here on the unanswered ping counts
      callOff();
      enter('online');
      for (const topic of topics.values()) ask(topic);
      beat();
    };
    mine.onmessage = (event) => {
      if (socket === mine && typeof event.data === 'string') receive(event.data);
    };
    mine.onclose = () => lose(!opened);
  }

  /** @param atTheDoor the server answered, and did not let us in */
  function lose(atTheDoor: boolean): void {
    if (over) return;
    drop();
    enter('reconnecting');
    failures += 1;
    const longest = Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1));
    callOff = after(longest * (0.5 + random() / 2), connect);
    if (!atTheDoor) return;
    isSignedIn().then(
      (signedIn) => signedIn || signOut(),
      () => {},
    );
  }

  function signOut(): void {
    if (!over) drop();
    enter('signed-out');
  }

  // timers of a page in the background run late, so age counts from the ping that is unanswered
  function beat(): void {
    if (pingAt !== null && now() - pingAt >= deadAfterMs) {
      lose(false);
      return;
    }
    if (pingAt === null) {
      pingAt = now();
      send({ do: 'ping', at: pingAt });
    }
    callOff = after(pingEveryMs, beat);
  }

  function receive(text: string): void {
    const frame = parseFrame(text);
    if (!frame) return;
    failures = 0;
    pingAt = null;
    if (frame.kind === 'pong') clock.answered(frame.at, frame.serverTime);
    else if ('serverTime' in frame) clock.heard(frame.serverTime);
    heardAt = clock.now();
    if (frame.kind === 'signed-out') signOut();
    else if (frame.kind === 'refused') refuse(frame.topic, frame.code);
    else if (frame.kind !== 'pong') deliver(frame);
  }

  function deliver(frame: BoardFrame | CodeFrame): void {
    const topic = topics.get(frame.topic);
    if (!topic) return;
    if (topic.take(frame) === 'taken') asked.delete(frame.topic);
    else if (!asked.has(frame.topic)) ask(topic);
  }

  function refuse(name: string, code: string): void {
    const topic = topics.get(name);
    topics.delete(name);
    if (code === 'sign-in-needed') signOut();
    else topic?.refused?.(code);
  }

  connect();
  return {
    get state() {
      return state;
    },
    get heardAt() {
      return heardAt;
    },
    serverNow: clock.now,
    subscribe(topic) {
      topics.set(topic.topic, topic);
      ask(topic);
      return () => {
        if (topics.get(topic.topic) !== topic) return;
        topics.delete(topic.topic);
        send({ do: 'unsubscribe', topic: topic.topic });
      };
    },
    retry() {
      if (over || state !== 'reconnecting') return;
      failures = 0;
      connect();
    },
    [Symbol.dispose]() {
      over = true;
      topics.clear();
      drop();
    },
  };
}

function parseFrame(text: string): LiveFrame | null {
  try {
    const frame = JSON.parse(text);
    return typeof frame?.kind === 'string' ? frame : null;
  } catch {
    return null;
  }
}
