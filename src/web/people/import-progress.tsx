import { useEffect } from 'preact/hooks';
import { loadImportProgress } from '../../client/people-import.ts';
import type { PeopleImportProgress } from '../../core/people.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { type Loading, useLoaded } from '../part/loaded.tsx';
import { Notice } from '../part/problem-note.tsx';

const askAgainMs = 500;

type Progress = Loading<{ progress: PeopleImportProgress | null }>;

/** One's own import, asked for anew every moment as long as `watch` wants it. */
function useProgress(watch: (progress: PeopleImportProgress | null) => boolean): Progress {
  const loading = useLoaded(() => loadImportProgress(send), 'people import');
  const { value, problem, reload } = loading;
  const isWatched = problem !== null || (value !== undefined && watch(value.progress));
  useEffect(() => {
    if (!isWatched) return;
    const timer = setTimeout(() => void reload(), askAgainMs);
    return () => clearTimeout(timer);
    // each answer sets the next question
  }, [isWatched, value, problem, reload]);
  return loading;
}

/** How far the import is that this page has begun. */
export function ImportProgress() {
  const { value } = useProgress(() => true);
  return <Bar progress={value?.progress?.state === 'running' ? value.progress : null} />;
}

/** An earlier import that still runs, or that its server left in the middle; nothing where there is none. */
export function UnfinishedImport() {
  const progress = useProgress((known) => known?.state === 'running').value?.progress ?? null;
  if (progress?.state === 'running') return <Bar progress={progress} />;
  if (progress?.state !== 'stopped') return null;
  const { done, total } = progress;
  return <Notice kind="warning">{text('people.import-stopped', { done, total })}</Notice>;
}

/** Without an answer yet the bar only moves. */
function Bar({ progress }: { progress: PeopleImportProgress | null }) {
  return (
    <div class="stack tight" role="status">
      <label class="small" for="people-import-progress">
        {progress
          ? text('people.import-running', { done: progress.done, total: progress.total })
          : text('people.import-begins')}
      </label>
      <progress
        id="people-import-progress"
        class="progress"
        {...(progress ? { value: progress.done, max: progress.total } : {})}
      />
    </div>
  );
}
