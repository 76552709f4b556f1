import type { Installation } from '../../core/organisation.wire.ts';
import { may } from '../app/me.ts';
import { text } from '../message/text.ts';
import { momentText, timeText } from '../message/when.ts';
import { ButtonLink } from '../part/button.tsx';
import '../part/list.css';
import { Section } from '../part/page.tsx';
import { AuthoritySection } from './authority.tsx';
import { Warnings } from './warnings.tsx';

/** Addresses, folders, instances, warnings, backups and the authority of this machine. */
export function InstallationView({ seen }: { seen: Installation }) {
  return (
    <>
      {seen.warnings.length > 0 && (
        <Section title={text('warnings.title')}>
          <Warnings warnings={seen.warnings} />
        </Section>
      )}
      <Section title={text('settings.installation')}>
        <dl class="facts">
          <div>
            <dt>{text('settings.version')}</dt>
            <dd>{seen.version}</dd>
          </div>
          <div>
            <dt>{text('settings.addresses')}</dt>
            <dd>
              <Addresses seen={seen} />
            </dd>
          </div>
          {seen.folders && <Folders folders={seen.folders} onServer={seen.onServer} />}
          {seen.instances && <Instances instances={seen.instances} />}
        </dl>
      </Section>
      <Section title={text('settings.backup')}>
        <Backup newestAt={seen.newestBackupAt} />
      </Section>
      {seen.authority && <AuthoritySection authority={seen.authority} />}
    </>
  );
}

function Backup({ newestAt }: { newestAt: number | null }) {
  return (
    <>
      <p>
        {newestAt === null
          ? text('settings.backup-never')
          : text('settings.backup-at', { when: momentText(newestAt) })}
      </p>
      {may('backup.read') && (
        <p>
          <ButtonLink href="/app/settings/backups">{text('backup.open')}</ButtonLink>
        </p>
      )}
    </>
  );
}

function Addresses({ seen }: { seen: Installation }) {
  if (seen.addresses.length === 0) return <p>{text('settings.no-addresses')}</p>;
  return (
    <>
      <p class="quiet small">{text('settings.addresses-hint')}</p>
      <ul class="plain-list">
        {seen.addresses.map(({ origin, label, kind }) => (
          <li key={origin}>
            <code>{origin}</code>{' '}
            <span class="quiet small">
              {label} · {text(`settings.kind-${kind}`)}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

interface FoldersProps {
  readonly folders: NonNullable<Installation['folders']>;
  readonly onServer: boolean;
}

function Folders({ folders, onServer }: FoldersProps) {
  return (
    <>
      <div>
        <dt>{text(onServer ? 'settings.database' : 'settings.folder-data')}</dt>
        <dd>
          <code>{folders.data}</code>
        </dd>
      </div>
      <div>
        <dt>{text('settings.folder-keys')}</dt>
        <dd>
          <code>{folders.keys}</code>
        </dd>
      </div>
      <div>
        <dt>{text('settings.folder-day-files')}</dt>
        <dd>{folders.dayFiles ? <code>{folders.dayFiles}</code> : text('settings.off')}</dd>
      </div>
    </>
  );
}

function Instances({ instances }: { instances: NonNullable<Installation['instances']> }) {
  return (
    <div>
      <dt>{text('settings.instances')}</dt>
      <dd>
        <ul class="plain-list">
          {instances.map(({ id, machine, version, startedAt, seenAt, here }) => (
            <li key={id}>
              <code>{machine}</code>{' '}
              <span class="quiet small">
                {text('settings.instance-facts', {
                  version,
                  since: momentText(startedAt),
                  seen: timeText(seenAt),
                })}
                {here && ` · ${text('settings.instance-here')}`}
              </span>
            </li>
          ))}
        </ul>
      </dd>
    </div>
  );
}
