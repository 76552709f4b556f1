/** What a look at one host of the list found. */
export type HostState =
  /** Takes work. Of several the highest rank wins, such as the timeline of a PostgreSQL primary. */
  | { readonly kind: 'good'; readonly rank: number }
  /** Answers, and does not take work: a standby, a node out of its cluster. */
  | { readonly kind: 'not-ready'; readonly why: string }
  | { readonly kind: 'unreachable'; readonly error: Error };

/** No host of the list takes work now. `states` says why, in the order of the list. */
export class NoHostReady extends Error {
  override readonly name = 'NoHostReady';
  readonly states: readonly HostState[];
  constructor(states: readonly HostState[]) {
    super(`no database host takes work: ${states.map(describe).join('; ')}`);
    this.states = states;
  }
}

const describe = (state: HostState): string => {
  if (state.kind === 'good') return 'has an older past than what was seen before';
  return state.kind === 'not-ready' ? state.why : state.error.message;
};

/**
 * The host that all work goes to: of the good ones with the highest rank the first in the list.
 * @param floor the highest rank seen so far: a host below it was left behind and never takes work again
 */
export function decideHost(
  states: readonly HostState[],
  floor: number,
): { readonly index: number; readonly rank: number } | null {
  let best: { index: number; rank: number } | null = null;
  for (const [index, state] of states.entries()) {
    if (state.kind !== 'good' || state.rank < floor) continue;
    if (best === null || state.rank > best.rank) best = { index, rank: state.rank };
  }
  return best;
}

/**
 * The host that work returns to: the first before the current one that has been good for long enough without a break,
 * or null.
 * @param goodSince for each host since when, or null where the last look found it otherwise
 */
export function decideReturn(
  current: number,
  goodSince: readonly (number | null)[],
  now: number,
  afterMs: number,
): number | null {
  for (const [index, since] of goodSince.slice(0, current).entries()) {
    if (since !== null && now - since >= afterMs) return index;
  }
  return null;
}

/** Looks are this far apart at least, however many callers meet a host that fails. */
const pauseMs = 200;
const watchMs = 1_000;

/**
 * The choice among several hosts: all instances work with one of them at a time, the first good one of the list that
 * they share. It is made again when work on the chosen host failed, by one look for all callers.
 */
export class HostChoice<Host> implements Disposable {
  readonly #hosts: readonly Host[];
  readonly #probe: (host: Host) => Promise<HostState>;
  readonly #ranked: boolean;
  readonly #returnAfterMs: number | null;
  readonly #now: () => number;
  readonly #goodSince: (number | null)[];
  #current: number | null;
  #floor = Number.NEGATIVE_INFINITY;
  #look: Promise<number> | null = null;
  #lastLook = Number.NEGATIVE_INFINITY;
  #watch: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor({
    hosts,
    probe,
    ranked = false,
    returnAfterMs = null,
    now = () => performance.now(),
  }: {
    /** In order of preference, at least one. */
    hosts: readonly Host[];
    /** Looks at one host, within a few seconds; never throws. */
    probe: (host: Host) => Promise<HostState>;
    /** Whether good hosts differ in rank: then no choice is made before all of them were looked at. */
    ranked?: boolean;
    /** An earlier host takes over again after it has been good for so long; null: never by itself. */
    returnAfterMs?: number | null;
    now?: () => number;
  }) {
    this.#hosts = hosts;
    this.#probe = probe;
    this.#ranked = ranked;
    this.#returnAfterMs = returnAfterMs;
    this.#now = now;
    this.#goodSince = hosts.map(() => null);
    // one host needs no choice: work itself finds out whether it is there
    this.#current = hosts.length === 1 ? 0 : null;
  }

  /**
   * The host for new work; waits where a look is under way.
   * @throws NoHostReady
   */
  async choose(): Promise<Host> {
    const known = this.#look === null ? this.#current : null;
    const index = known ?? (await this.#lookAgain());
    return this.#hosts[index] as Host;
  }

  /** Whether new work still goes there. */
  isCurrent(host: Host): boolean {
    return this.#current !== null && this.#hosts[this.#current] === host;
  }

  /** Work on this host failed as if it were away: the choice is made again. */
  failed(host: Host): void {
    if (this.#hosts.length === 1 || this.#look || !this.isCurrent(host)) return;
    // who chooses next learns what went wrong
    this.#lookAgain().catch(() => {});
  }

  /** One look at all hosts, shared by everybody who needs it meanwhile. */
  #lookAgain(): Promise<number> {
    this.#look ??= this.#lookNow().finally(() => {
      this.#look = null;
    });
    return this.#look;
  }

  async #lookNow(): Promise<number> {
    const early = this.#lastLook + pauseMs - this.#now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    this.#lastLook = this.#now();
    const states = await this.#lookAtHosts();
    const best = decideHost(states, this.#floor);
    this.#current = best?.index ?? null;
    if (!best) throw new NoHostReady(states);
    this.#floor = best.rank;
    this.#watchEarlier();
    return best.index;
  }

  /** What was found, in order; where all hosts rank the same no further than the first good one. */
  async #lookAtHosts(): Promise<HostState[]> {
    const states: HostState[] = [];
    for (const look of this.#hosts.map((host) => this.#probe(host))) {
      const state = await look;
      states.push(state);
      if (!this.#ranked && state.kind === 'good') break;
    }
    return states;
  }

  /** While an earlier host is not the one, looks now and then whether it is good again. */
  #watchEarlier(): void {
    if (this.#returnAfterMs === null || this.#watch || this.#disposed) return;
    this.#goodSince.fill(null);
    const tick = async () => {
      const current = this.#current ?? this.#hosts.length;
      if (current > 0) await this.#lookEarlier(current);
      this.#watch = undefined;
      if (!this.#disposed && this.#current !== 0) this.#watch = schedule();
    };
    const schedule = () => {
      const timer = setTimeout(() => void tick(), watchMs);
      timer.unref();
      return timer;
    };
    if (this.#current !== 0) this.#watch = schedule();
  }

  async #lookEarlier(current: number): Promise<void> {
    const earlier = this.#hosts.slice(0, current);
    const states = await Promise.all(earlier.map((host) => this.#probe(host)));
    const now = this.#now();
    for (const [index, { kind }] of states.entries()) {
      this.#goodSince[index] = kind === 'good' ? (this.#goodSince[index] ?? now) : null;
    }
    if (this.#look || this.#current !== current) return;
    const back = decideReturn(current, this.#goodSince, now, this.#returnAfterMs ?? 0);
    if (back !== null) this.#current = back;
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    clearTimeout(this.#watch);
  }
}
