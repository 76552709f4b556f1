import type { Store } from './store.ts';

/** Seals what a group is called; its id is bound to it. */
export const sealGroupName = (store: Store, group: string, name: string): Uint8Array =>
  store.vault.sealOwn(`group/${group}`, { name });

const openGroupName = (store: Store, group: string, sealed: Uint8Array): string =>
  store.vault.openOwn<{ name: string }>(`group/${group}`, sealed).name;

export async function loadGroupName(store: Store, group: string): Promise<string | null> {
  const row = await store.engine.read
    .selectFrom('group')
    .select('sealed')
    .where('organisation', '=', store.organisation)
    .where('group', '=', group)
    .executeTakeFirst();
  return row ? openGroupName(store, group, row.sealed) : null;
}
