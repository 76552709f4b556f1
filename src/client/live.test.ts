import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type WebSocket as Peer, WebSocketServer } from 'ws';
import type { BoardFrame, LiveRequest } from '../core/live.wire.ts';
import { connectLive, type Live, type LivePorts, type LiveState, type Topic } from './live.ts';

const opened: Disposable[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one[Symbol.dispose]();
});

const serverTime = Date.parse('2026-11-23T09:00:00Z');

function frame(topic: string, from: number, seq: number): BoardFrame {
  return { kind: 'board', topic, from, seq, people: [], gone: [], serverTime };
}

/** A server with one ledger of numbered events: backfills from `since`, then streams each new event. */
async function serve() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((done) => server.once('listening', done));
  const watching = new Map<Peer, string>();
  const requests: LiveRequest[] = [];
  const world = {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/live`,
    seq: 0,
    /** Answers nothing any more, and leaves the connection up. */
    deaf: false,
    requests,
    peers: () => [...server.clients],
    tell(peer: Peer, from: number, seq: number) {
      peer.send(JSON.stringify(frame(watching.get(peer) ?? 'session:a', from, seq)));
    },
    append() {
      world.seq += 1;
      for (const peer of watching.keys())
        if (!world.deaf) world.tell(peer, world.seq - 1, world.seq);
    },
    cut() {
      for (const peer of server.clients) peer.terminate();
    },
  };
  server.on('connection', (peer) => {
    peer.on('close', () => watching.delete(peer));
    peer.on('message', (data) => {
      if (world.deaf) return;
      const request: LiveRequest = JSON.parse(String(data));
      requests.push(request);
      if (request.do === 'ping')
        peer.send(JSON.stringify({ kind: 'pong', at: request.at, serverTime }));
      if (request.do === 'unsubscribe') watching.delete(peer);
      if (request.do !== 'subscribe') return;
      watching.set(peer, request.topic);
      // in two halves, the way a long backfill comes
      const half = Math.floor((request.since + world.seq) / 2);
      world.tell(peer, request.since, half);
      world.tell(peer, half, world.seq);
    });
  });
  opened.push({
    [Symbol.dispose]() {
      world.cut();
      server.close();
    },
  });
  return world;
}

/** Applies every event once, in order, or says that one is missing. */
function reader(topic = 'session:a') {
  const applied: number[] = [];
  const have = () => applied.at(-1) ?? 0;
  const refusals: string[] = [];
  const subscription: Topic = {
    topic,
    since: have,
    take(incoming) {
      if (incoming.kind !== 'board') return 'taken';
      if (incoming.from > have()) return 'gap';
      for (let seq = have() + 1; seq <= incoming.seq; seq += 1) applied.push(seq);
      return 'taken';
    },
    refused: (code) => refusals.push(code),
  };
  return { applied, refusals, subscription };
}

function connect(url: string, ports: Partial<LivePorts> = {}) {
  const states: LiveState[] = [];
  const quick = (ms: number, task: () => void) => {
    const timer = setTimeout(task, ms / 50);
    return () => clearTimeout(timer);
  };
  const faster = () => performance.now() * 50;
  const live: Live = connectLive(url, {
    after: quick,
    now: faster,
    onState: (state) => states.push(state),
    ...ports,
  });
  opened.push(live);
  return { live, states };
}

/** Time that a test turns by hand: a task runs when it is passed. */
function handTurned() {
  const tasks = new Set<{ readonly due: number; readonly task: () => void }>();
  let at = 0;
  return {
    now: () => at,
    after(ms: number, task: () => void) {
      const planned = { due: at + ms, task };
      tasks.add(planned);
      return () => void tasks.delete(planned);
    },
    pass(ms: number) {
      const end = at + ms;
      for (;;) {
        const [next] = [...tasks].sort((left, right) => left.due - right.due);
        if (!next || next.due > end) break;
        tasks.delete(next);
        at = next.due;
        next.task();
      }
      at = end;
    },
  };
}

const soon = { timeout: 60_000, interval: 5 };
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe('the live channel', () => {
  it('misses nothing and repeats nothing when the connection drops mid-stream, again and again', async () => {
    const world = await serve();
    const { applied, subscription } = reader();
    connect(world.url).live.subscribe(subscription);
    for (let turn = 0; turn < 400; turn += 1) {
      world.append();
      if (turn % 37 === 36) world.cut();
      if (turn % 5 === 0) await new Promise((done) => setTimeout(done, 1));
    }
    await expect.poll(() => applied.length, soon).toBe(400);
    expect(applied).toEqual(upTo(400));
  });

  it('asks once more from what it has when a frame shows a gap', async () => {
    const world = await serve();
    const { applied, subscription } = reader();
    connect(world.url).live.subscribe(subscription);
    await expect.poll(() => world.requests.length, soon).toBeGreaterThan(0);
    world.append();
    await expect.poll(() => applied.length, soon).toBe(1);
    world.seq = 9;
    for (const peer of world.peers()) {
      world.tell(peer, 7, 8);
      world.tell(peer, 8, 9);
    }
    await expect.poll(() => applied, soon).toEqual(upTo(9));
    const asked = world.requests.filter((request) => request.do === 'subscribe');
    expect(asked.map((request) => request.since)).toEqual([0, 1]);
  });

  it('keeps a line that answers, and opens none after it was disposed', async () => {
    const world = await serve();
    const { live, states } = connect(world.url);
    await new Promise((done) => setTimeout(done, 500));
    expect(states).toEqual(['online']);
    live[Symbol.dispose]();
    await expect.poll(() => world.peers().length, soon).toBe(0);
    await new Promise((done) => setTimeout(done, 500));
    expect(world.peers()).toEqual([]);
  });

  it('notices within ten seconds that a silent connection is dead, and catches up', async () => {
    const world = await serve();
    const { applied, subscription } = reader();
    const time = handTurned();
    const { live, states } = connect(world.url, { now: time.now, after: time.after });
    live.subscribe(subscription);
    await expect.poll(() => live.state, soon).toBe('online');
    world.deaf = true;
    world.append();
    time.pass(10_000);
    expect(states).toEqual(['online', 'reconnecting']);
    world.deaf = false;
    time.pass(1_000);
    await expect.poll(() => applied, soon).toEqual([1]);
    expect(states).toEqual(['online', 'reconnecting', 'online']);
  });

  it('does not take a late timer for a dead connection', async () => {
    const world = await serve();
    const tasks: (() => void)[] = [];
    let local = 0;
    const { live } = connect(world.url, {
      now: () => local,
      after(_, task) {
        tasks.push(task);
        return () => {};
      },
    });
    await expect.poll(() => world.requests.length, soon).toBe(1);
    await expect.poll(() => live.heardAt, soon).toBeGreaterThan(0);
    local = 60_000;
    tasks.at(-1)?.();
    expect(live.state).toBe('online');
  });

  it('goes by the server clock', async () => {
    const world = await serve();
    let local = 1_000;
    const { live } = connect(world.url, { now: () => local });
    await expect.poll(() => live.heardAt, soon).toBeGreaterThan(0);
    local += 250;
    expect(live.serverNow()).toBe(serverTime + 250);
  });

  it('waits longer after each failure, with jitter, and not at all when told that the network is back', async () => {
    const waits: number[] = [];
    let due = () => {};
    const { live } = connect('ws://127.0.0.1:1/live', {
      random: () => 1,
      open: () => {
        const socket = { readyState: 0, close() {}, onclose: null as null | (() => void) };
        queueMicrotask(() => socket.onclose?.());
        return socket as unknown as WebSocket;
      },
      after(ms, task) {
        if (ms !== 6_000) {
          waits.push(ms);
          due = task;
        }
        return () => {};
      },
    });
    for (let turn = 0; turn < 8; turn += 1) {
      await new Promise((done) => setTimeout(done));
      due();
    }
    await new Promise((done) => setTimeout(done));
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
    live.retry();
    await new Promise((done) => setTimeout(done));
    expect(waits.at(-1)).toBe(250);
  });

  it('ends when the sign-in ends, said by a frame or found out at the door', async () => {
    const world = await serve();
    const { live } = connect(world.url);
    await expect.poll(() => live.state, soon).toBe('online');
    for (const peer of world.peers()) peer.send(JSON.stringify({ kind: 'signed-out' }));
    await expect.poll(() => live.state, soon).toBe('signed-out');

    const shut = connect('ws://127.0.0.1:1/live', { isSignedIn: async () => false });
    await expect.poll(() => shut.live.state, soon).toBe('signed-out');
  });

  it('tells the reader of a topic that is refused, and does not ask again', async () => {
    const world = await serve();
    const { refusals, subscription } = reader('session:b');
    const { live } = connect(world.url);
    live.subscribe(subscription);
    await expect.poll(() => world.requests.length, soon).toBeGreaterThan(0);
    const refused = { kind: 'refused', topic: 'session:b', code: 'not-allowed' };
    for (const peer of world.peers()) peer.send(JSON.stringify(refused));
    await expect.poll(() => refusals, soon).toEqual(['not-allowed']);
    world.requests.length = 0;
    world.cut();
    await expect.poll(() => world.requests.length, soon).toBeGreaterThan(0);
    expect(world.requests.filter((request) => request.do === 'subscribe')).toEqual([]);
  });
});
