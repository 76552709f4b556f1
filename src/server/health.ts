import type { Readiness } from '../core/health.wire.ts';

/** `draining`: still served, so that a load balancer has time to notice; `stopping`: new requests are sent away. */
export type Phase = 'starting' | 'serving' | 'draining' | 'stopping';

/**
 * Looks at one thing that this instance cannot do without. Answers why it cannot serve, in a few plain words that
 * name no address, version or secret; null where all is well.
 */
export type Check = () => Promise<string | null>;

/** An answer is told again for so long, so that asking often costs nothing. */
const keepMs = 1_000;
const patienceMs = 1_000;
const silence = 'does not answer';

interface Watched {
  readonly check: Check;
  reason: string | null;
  /** On the process's own clock. */
  knownAt: number;
  looking: Promise<void> | null;
  pending: Promise<string | null> | null;
}

/** Whether this instance can serve. Each part that knows a reason why not registers a check. */
export class Health {
  phase: Phase = 'starting';
  /** Nothing may be answered any more, whatever the phase, as whoever is added now would be lost. */
  isBarred = false;
  readonly #checks = new Map<string, Watched>();

  register(name: string, check: Check): void {
    const knownAt = Number.NEGATIVE_INFINITY;
    this.#checks.set(name, { check, reason: null, knownAt, looking: null, pending: null });
  }

  /** Whether requests are answered at all, ready or not. */
  get serves(): boolean {
    return !this.isBarred && (this.phase === 'serving' || this.phase === 'draining');
  }

  async look(): Promise<Readiness> {
    const reasons = await Promise.all(
      [...this.#checks].map(async ([name, watched]) => [name, await reasonOf(watched)] as const),
    );
    const all = [['serving', this.phase === 'serving' ? null : this.phase] as const, ...reasons];
    return {
      ready: all.every(([, reason]) => reason === null),
      checks: Object.fromEntries(all.map(([name, reason]) => [name, reason ?? 'ok'])),
    };
  }
}

async function reasonOf(watched: Watched): Promise<string | null> {
  if (performance.now() - watched.knownAt < keepMs) return watched.reason;
  watched.looking ??= look(watched).finally(() => {
    watched.looking = null;
  });
  await watched.looking;
  return watched.reason;
}

/** A check that hangs is waited for, not asked a second time. */
async function look(watched: Watched): Promise<void> {
  watched.pending ??= watched.check().catch(() => silence);
  const { pending } = watched;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(silence), patienceMs);
  });
  const forget = () => {
    if (watched.pending === pending) watched.pending = null;
  };
  watched.reason = await Promise.race([pending.finally(forget), late]);
  clearTimeout(timer);
  watched.knownAt = performance.now();
}
