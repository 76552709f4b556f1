import { isZone } from '../core/local-time.ts';
import type { Installation, OrganisationSettings } from '../core/organisation.wire.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { commit } from '../store/ledger.ts';
import { loadNewestBackupAt, updateOrganisation } from '../store/organisation.ts';
import type { SignedIn } from '../store/sign-in.ts';
import { organisationStream } from '../store/store.ts';
import type { App } from './app.ts';

/** Changes name, zone, language, words and day files of the organisation. */
export async function changeOrganisation(
  app: App,
  actor: string,
  request: OrganisationSettings,
): Promise<{ ok: true } | Refusal> {
  const { store, settings } = app;
  const { name, zone, language, words, dayFiles } = request;
  if (!isZone(zone)) return refuse('input-invalid', { field: 'zone', problem: 'unknown' });
  await commit(store, async ({ tx, now, append }) => {
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

/** What the machine knows of itself; where its folders lie is for administrators only. */
export async function presentInstallation(app: App, me: SignedIn): Promise<Installation> {
  const { config, store, warnings, authority } = app;
  const { version, dataFolder: data, keyFolder: keys, dayFolder: dayFiles } = config;
  return {
    version,
    addresses: app.origins(),
    folders: me.roles.has('admin') ? { data, keys, dayFiles } : null,
    warnings: warnings.list(),
    newestBackupAt: await loadNewestBackupAt(store),
    authority,
  };
}
