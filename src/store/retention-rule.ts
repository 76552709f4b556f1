import type { Kysely } from 'kysely';
import { defaultRules, type RetentionRules } from '../core/retention.ts';
import { retentionRules } from '../core/retention.wire.ts';
import { commit } from './ledger.ts';
import type { Schema } from './schema.ts';
import { loadSetting, saveSetting } from './setting.ts';
import { organisationStream, type Store } from './store.ts';

const settingName = 'retention';

/** How long each kind of data is kept, as it stands. */
export const loadRules = (store: Store, db?: Kysely<Schema>): Promise<RetentionRules> =>
  loadSetting<RetentionRules>(store, settingName, retentionRules, defaultRules, db);

/** Replaces the rules; as they are already changes nothing. The event keeps what stood before. */
export function saveRules(store: Store, actor: string, rules: RetentionRules): Promise<void> {
  return commit(store, async (writing) => {
    const stream = organisationStream;
    await writing.lock([stream]);
    const before = await loadRules(store, writing.tx);
    if (JSON.stringify(before) === JSON.stringify(retentionRules.parse(rules))) return;
    await saveSetting(store, writing, settingName, rules);
    await writing.append([
      {
        stream,
        type: 'retention.changed',
        occurredAt: writing.now,
        actor,
        subject: null,
        // sealed: whoever writes to the database without the keys cannot say it
        data: { before, after: rules },
      },
    ]);
  });
}
