import { type OwnField, ownFields } from '../core/people.wire.ts';
import { commit } from './ledger.ts';
import { loadSetting, saveSetting } from './setting.ts';
import { organisationStream, type Store } from './store.ts';

const setting = 'own-fields';

/** The fields that the organisation added to people. */
export async function loadOwnFields(store: Store): Promise<readonly OwnField[]> {
  return (await loadSetting(store, setting, ownFields, { fields: [] })).fields;
}

/** Replaces the list of own fields. What people have in a field that goes stays with them, unseen, and comes back with it. */
export function saveOwnFields(
  store: Store,
  actor: string,
  fields: readonly OwnField[],
): Promise<void> {
  return commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    const before = await loadSetting(store, setting, ownFields, { fields: [] }, writing.tx);
    if (JSON.stringify(before.fields) === JSON.stringify(fields)) return;
    await saveSetting(store, writing, setting, { fields });
    await writing.append([
      {
        stream: organisationStream,
        type: 'own-fields.changed',
        occurredAt: writing.now,
        actor,
        subject: null,
        data: { before: before.fields, fields },
      },
    ]);
  });
}
