import { type Refusal, refuse } from '../core/refusal.ts';
import { releaseLease, takeLease } from './lease.ts';
import { leaseMs, RetentionRunner, type RunDone, type RunOrder } from './retention-runner.ts';
import type { Store } from './store.ts';

const lease = 'retention-run';

/**
 * Destroys what is too old by the rules, in small transactions: first what a run that was broken off has left. The
 * ledger says before what goes, and after how much went; nothing is said where nothing went. Refuses
 * `retention-running` where another is at it.
 */
export async function runRetention(store: Store, order: RunOrder): Promise<RunDone | Refusal> {
  const holder = Buffer.from(store.random.bytes(9)).toString('base64url');
  const keep = () => takeLease(store, lease, holder, leaseMs);
  if (!(await keep())) return refuse('retention-running');
  try {
    return await new RetentionRunner(store, order, keep).go();
  } finally {
    await releaseLease(store, lease, holder);
  }
}
