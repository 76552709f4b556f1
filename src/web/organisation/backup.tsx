import { useEffect, useRef } from 'preact/hooks';
import { askForBackup, loadBackups } from '../../client/backup.ts';
import type { BackupLine, BackupsView } from '../../core/backup.wire.ts';
import { may } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { momentText, timeText } from '../message/when.ts';
import { useAction } from '../part/action.ts';
import { Button } from '../part/button.tsx';
import { CopyText } from '../part/copy-text.tsx';
import { EmptyState } from '../part/empty-state.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Page, Section } from '../part/page.tsx';
import { ProblemNote } from '../part/problem-note.tsx';
import { type Column, Table } from '../part/table.tsx';
import { showToast } from '../part/toast.tsx';
import { BackupNotices } from './backup-notices.tsx';
import { BackupSchedule } from './backup-schedule.tsx';
import './installation.css';

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
            <State view={view} onChange={reload} />
            <Section title={text('backup.files')}>
              <Files view={view} />
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

function State({ view, onChange }: { view: BackupsView; onChange: () => Promise<void> }) {
  const now = useAction(() => askForBackup(send));
  const begin = async () => {
    if ((await now.run(undefined)) !== undefined) await onChange();
  };
  const mayBegin = may('backup.change') && view.place !== 'none';
  return (
    <Section
      title={text('backup.state')}
      actions={
        mayBegin && (
          <Button
            kind="primary"
            busy={now.busy || view.running !== null}
            onClick={() => void begin()}
          >
            {text('backup.now')}
          </Button>
        )
      }
    >
      {now.problem && <ProblemNote problem={now.problem} />}
      <Running view={view} />
      <BackupNotices view={view} />
      <dl class="facts">
        <div>
          <dt>{text('backup.newest')}</dt>
          <dd>{view.newestAt === null ? text('backup.newest-none') : momentText(view.newestAt)}</dd>
        </div>
        <div>
          <dt>{text('backup.next')}</dt>
          <dd>{nextText(view)}</dd>
        </div>
        {view.folder !== null && (
          <div>
            <dt>{text('backup.folder')}</dt>
            <dd>
              <code>{view.folder}</code>
            </dd>
          </div>
        )}
      </dl>
    </Section>
  );
}

function Running({ view: { running, place } }: { view: BackupsView }) {
  return (
    <div role="status">
      {running && (
        <div class="stack tight">
          <p>{runningText(running, place)}</p>
          <progress
            class="progress"
            aria-label={text('backup.title')}
            {...(running.progress
              ? { value: running.progress.rows, max: running.progress.ofRows }
              : {})}
          />
        </div>
      )}
    </div>
  );
}

function runningText(
  { since, progress }: NonNullable<BackupsView['running']>,
  place: BackupsView['place'],
): string {
  if (place === 'elsewhere') return text('backup.running-elsewhere', { since: timeText(since) });
  if (progress === null) return text('backup.begins');
  return text('backup.running', { since: timeText(since) });
}

function nextText({ nextAt, place }: BackupsView): string {
  if (place === 'none') return text('backup.next-nowhere');
  if (nextAt === null) return text('backup.next-off');
  return nextAt <= Date.now() ? text('backup.next-soon') : momentText(nextAt);
}

function Files({ view }: { view: BackupsView }) {
  if (view.backups.length === 0) {
    return <EmptyState title={text('backup.none')} lead={text('backup.none-lead')} />;
  }
  return (
    <>
      {view.place === 'elsewhere' && <p class="quiet">{text('backup.files-elsewhere')}</p>}
      <Table
        id="backups"
        caption={text('backup.files')}
        columns={columns()}
        rows={view.backups}
        keyOf={({ name }) => name}
      />
    </>
  );
}

const columns = (): readonly Column<BackupLine>[] => [
  {
    id: 'made',
    label: text('backup.made-at'),
    role: 'row',
    cell: ({ madeAt }) => madeAt,
    show: ({ madeAt }) => momentText(madeAt),
  },
  {
    id: 'size',
    label: text('backup.size'),
    align: 'end',
    cell: ({ bytes }) => bytes,
    show: ({ bytes }) => sizeText(bytes),
  },
  {
    id: 'ledger',
    label: text('backup.ledger'),
    cell: ({ sound }) => text(sound ? 'backup.ledger-sound' : 'backup.ledger-unsound'),
  },
  {
    id: 'name',
    label: text('backup.name'),
    role: 'away',
    cell: ({ name }) => name,
    show: ({ name }) => <code>{name}</code>,
  },
];

function sizeText(bytes: number): string {
  const [unit, size] =
    bytes < 1e6 ? ['kilobyte', 1e3] : bytes < 1e9 ? ['megabyte', 1e6] : ['gigabyte', 1e9];
  const options = { style: 'unit', unit, maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(undefined, options).format(bytes / (size as number));
}

function restoreCommand({ folder, backups }: BackupsView): string {
  const name = backups[0]?.name ?? 'FILE';
  const path = folder === null ? name : `${folder}/${name}`;
  return `muster restore ${/^[\w./-]+$/.test(path) ? path : `"${path}"`} --data FOLDER`;
}
