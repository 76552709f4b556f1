import { useEffect, useRef } from 'preact/hooks';
import { loadBackups } from '../../client/backup.ts';
import type { BackupsView } from '../../core/backup.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { CopyText } from '../part/copy-text.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Page, Section } from '../part/page.tsx';
import { showToast } from '../part/toast.tsx';
import { BackupFiles } from './backup-files.tsx';
import { BackupSchedule } from './backup-schedule.tsx';
import { BackupState } from './backup-state.tsx';

const askAgainMs = 1_000;

/** Backups: how old the newest is, when the next comes, one now, which files there are, and how to put one back. */
export function BackupsPage() {
  const loading = useLoaded(() => loadBackups(send), 'backups');
  const { value, reload } = loading;
  useWatch(value, reload);
  return (
    <Page
      title={text('backup.title')}
      lead={text('backup.lead')}
      up={{ href: '/app/settings', label: text('settings.title') }}
    >
      <Loaded of={loading}>
        {(view) => (
          <>
            <BackupState view={view} onChange={reload} />
            <Section title={text('backup.files')}>
              <BackupFiles view={view} />
            </Section>
            <Section title={text('backup.schedule')}>
              <div class="reading">
                <BackupSchedule settings={view.settings} onSaved={reload} />
              </div>
            </Section>
            <Section title={text('backup.restore')}>
              <div class="reading stack">
                <p>{text('backup.restore-lead')}</p>
                <CopyText label={text('backup.restore-command')} value={restoreCommand(view)} />
                <p>{text('backup.restore-then')}</p>
                <p>{text('backup.keys-apart')}</p>
              </div>
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** Asks again while one is being made, and says what became of it. */
function useWatch(view: BackupsView | undefined, reload: () => Promise<void>): void {
  const wasRunning = useRef(false);
  const isRunning = view !== undefined && view.running !== null;
  useEffect(() => {
    if (view && wasRunning.current && !isRunning && !view.failure) showToast(text('backup.done'));
    wasRunning.current = isRunning;
    if (!isRunning) return;
    const timer = setTimeout(() => void reload(), askAgainMs);
    return () => clearTimeout(timer);
    // each answer sets the next question
  }, [view, isRunning, reload]);
}

function restoreCommand({ folder, backups }: BackupsView): string {
  const name = backups[0]?.name ?? 'FILE';
  const path = folder === null ? name : `${folder}/${name}`;
  return `muster restore ${/^[\w./-]+$/.test(path) ? path : `"${path}"`} --data FOLDER`;
}
