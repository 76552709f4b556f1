import { padded, type Tx } from './engine.ts';
import { loadPersonKeys } from './key.ts';
import type { EventTable } from './schema.ts';
import type { Store } from './store.ts';

/** So many attempts are named in one statement. */
const chunk = 500;

/**
 * Which attempts, and which browsers, these check-ins came from. What does not open was damaged before: it says
 * nothing any more.
 */
export async function listAttempts(
  store: Store,
  tx: Tx,
  events: readonly Pick<EventTable, 'id' | 'subject' | 'payload'>[],
): Promise<{ attempts: ReadonlySet<string>; browsers: ReadonlySet<string> }> {
  const subjects = events.flatMap(({ subject }) => subject ?? []);
  const keys = await loadPersonKeys(store, tx, subjects);
  const attempts = new Set<string>();
  const browsers = new Set<string>();
  for (const { id, subject, payload } of events) {
    const key = keys.get(subject ?? '');
    if (!key || !payload) continue;
    const { attempt, browser } = read(() => store.vault.openPayload(id, key, payload).data);
    if (attempt) attempts.add(attempt);
    if (browser) browsers.add(browser);
  }
  return { attempts, browsers };
}

function read(open: () => string): { attempt?: string; browser?: string } {
  try {
    return JSON.parse(open()) as { attempt?: string; browser?: string };
  } catch {
    return {};
  }
}

/** An attempt's digest covers number and name, and its browser ties a person to others for whom it spoke. */
export async function clearAttempts(
  { organisation }: Store,
  tx: Tx,
  attempts: ReadonlySet<string>,
): Promise<void> {
  const all = [...attempts];
  for (let start = 0; start < all.length; start += chunk) {
    await tx
      .updateTable('attempt')
      .set({ browser: '', body_digest: '' })
      .where('organisation', '=', organisation)
      .where('attempt', 'in', padded(all.slice(start, start + chunk)))
      .execute();
  }
}
