import type { BackupsView } from '../../core/backup.wire.ts';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { Notice } from '../part/problem-note.tsx';

/** What is not as it should be with backups, each with what to do. */
export function BackupNotices({ view }: { view: BackupsView }) {
  const { settings, place, failure, folderProblem, backups } = view;
  // a failure that has been told needs no forecast
  const problem = failure ? null : folderProblem;
  return (
    <div class="stack tight">
      {view.old && !settings.elsewhere && <Old view={view} />}
      {place === 'none' && <Notice kind="plain">{text('backup.nowhere')}</Notice>}
      {failure && (
        <Notice kind="warning">
          <p>
            {text('backup.failure', {
              when: momentText(failure.at),
              tries: failure.tries,
              problem: text(`backup.problem-${failure.problem}`),
            })}
          </p>
          <p>{text(`backup.todo-${failure.problem}`)}</p>
        </Notice>
      )}
      {problem && (
        <Notice kind="warning">
          <p>{text('backup.folder-problem', { problem: text(`backup.problem-${problem}`) })}</p>
          <p>{text(`backup.todo-${problem}`)}</p>
        </Notice>
      )}
      {backups[0]?.sound === false && <Notice kind="warning">{text('backup.unsound')}</Notice>}
      {view.sameDisk && <Notice kind="plain">{text('backup.same-disk')}</Notice>}
    </div>
  );
}

function Old({ view: { newestAt, ageDays, place } }: { view: BackupsView }) {
  return (
    <Notice kind="warning">
      <p>{newestAt === null ? text('backup.old-none') : text('backup.old', { days: ageDays })}</p>
      <p>{text(place === 'none' ? 'backup.old-todo-command' : 'backup.old-todo-now')}</p>
    </Notice>
  );
}
