import { askForBackup } from '../../client/backup.ts';
import type { BackupsView } from '../../core/backup.wire.ts';
import { may } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { momentText, timeText } from '../message/when.ts';
import { useAction } from '../part/action.ts';
import { Button } from '../part/button.tsx';
import '../part/list.css';
import { Section } from '../part/page.tsx';
import { ProblemNote } from '../part/problem-note.tsx';
import { BackupNotices } from './backup-notices.tsx';

/** How old the newest is, when the next comes, what is wrong, and one now. */
export function BackupState({
  view,
  onChange,
}: {
  view: BackupsView;
  onChange: () => Promise<void>;
}) {
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
