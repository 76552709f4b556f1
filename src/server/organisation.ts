import { isZone } from '../core/local-time.ts';
import type { Installation, OrganisationSettings, Warning } from '../core/organisation.wire.ts';
import { reachOf } from '../core/permission.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { commit } from '../store/ledger.ts';
import { loadNewestBackupAt, loadOrganisation, updateOrganisation } from '../store/organisation.ts';
import type { SignedIn } from '../store/sign-in.ts';
import { organisationStream } from '../store/store.ts';
import type { App } from './app.ts';
import { warnOfBackups } from './backup.ts';
import { presentInstances } from './instance.ts';
import { readSettings } from './settings.ts';

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
    const { name: earlierName, ...before } = readSettings(await loadOrganisation(store, tx));
    const change = { name, zone, language, words, day_files: dayFiles ? 1 : 0 };
    await updateOrganisation(store, tx, change);
    await append([
      {
        stream: organisationStream,
        type: 'organisation.changed',
        occurredAt: now,
        actor,
        subject: null,
        facts: { before, after: { zone, language, words, dayFiles } },
        data: { before: { name: earlierName }, after: { name } },
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
    warnings: await presentWarnings(app, me),
    onServer: !store.engine.exclusive,
    newestBackupAt: await loadNewestBackupAt(store),
    authority,
  };
}

/** What was raised, and what can be seen from the data at this moment. */
async function presentWarnings(app: App, me: SignedIn): Promise<Warning[]> {
  const { store, warnings, guesses } = app;
  const list = [...warnings.list()];
  const wrong = await guesses.countLately();
  if (wrong > 0) {
    list.push({ kind: 'guessing', at: store.clock.now(), detail: { count: wrong } });
  }
  if (reachOf('backup.read', me.roles) === 'never') return list;
  return [...list, ...(await warnOfBackups(app))];
}
