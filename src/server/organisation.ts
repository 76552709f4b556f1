import { isZone } from '../core/local-time.ts';
import type { Installation, OrganisationSettings, Warning } from '../core/organisation.wire.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { commit } from '../store/ledger.ts';
import { loadNewestBackupAt, loadOrganisation, updateOrganisation } from '../store/organisation.ts';
import type { SignedIn } from '../store/sign-in.ts';
import { organisationStream } from '../store/store.ts';
import type { App } from './app.ts';
import { presentInstances } from './instance.ts';

const dayMs = 24 * 3_600_000;
/** Days without a backup after which hosts hear of it. */
const backupDays = 7;

/** Changes name, zone, language, words and day files of the organisation. */
export async function changeOrganisation(
  app: App,
  actor: string,
  request: OrganisationSettings,
): Promise<{ ok: true } | Refusal> {
  const { store, settings } = app;
  const { name, zone, language, words, dayFiles } = request;
  if (!isZone(zone)) return refuse('input-invalid', { field: 'zone', problem: 'unknown' });
  await commit(store, async ({ tx, now, lock, append }) => {
    await lock([organisationStream]);
    const change = { name, zone, language, words, day_files: dayFiles ? 1 : 0 };
    await updateOrganisation(store, tx, change);
    await append([
      {
        stream: organisationStream,
        type: 'organisation.changed',
        occurredAt: now,
        actor,
        subject: null,
        facts: { zone, language, words, dayFiles },
        data: { name },
      },
    ]);
  });
  await settings.reload();
  return { ok: true };
}

/** What the machine knows of itself; where its folders lie and who else runs is for administrators only. */
export async function presentInstallation(app: App, me: SignedIn): Promise<Installation> {
  const { config, store, authority } = app;
  const { version, keyFolder: keys, dayFolder: dayFiles } = config;
  const data = config.database ?? config.dataFolder;
  const isAdmin = me.roles.has('admin');
  return {
    version,
    addresses: app.origins(),
    folders: isAdmin ? { data, keys, dayFiles } : null,
    instances: isAdmin ? await presentInstances(app) : null,
    warnings: await presentWarnings(app),
    onServer: !store.engine.exclusive,
    newestBackupAt: await loadNewestBackupAt(store),
    authority,
  };
}

/** What was raised, and what can be seen from the data at this moment. */
async function presentWarnings({ store, warnings, guesses }: App): Promise<Warning[]> {
  const now = store.clock.now();
  const list = [...warnings.list()];
  const wrong = await guesses.countLately();
  if (wrong > 0) list.push({ kind: 'guessing', at: now, detail: { count: wrong } });
  if (!store.engine.exclusive) return list;
  const { created_at } = await loadOrganisation(store);
  const since = (await loadNewestBackupAt(store)) ?? created_at;
  const days = Math.floor((now - since) / dayMs);
  if (days >= backupDays) list.push({ kind: 'no-backup', at: now, detail: { days } });
  return list;
}
