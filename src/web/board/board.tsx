import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { may } from '../app/me.ts';
import { text } from '../message/text.ts';
import { ProblemNote } from '../part/problem-note.tsx';
import { Skeleton } from '../part/skeleton.tsx';
import { titleOf } from '../session/title.ts';
import { BoardContext } from './board-context.ts';
import { BoardHead } from './board-head.tsx';
import { CodeSide } from './code-side.tsx';
import { ListSide } from './list-side.tsx';
import { openSessionTools } from './open-tools.ts';
import { PersonDialog } from './person-dialog.tsx';
import { Warnings } from './warnings.tsx';
import './board.css';

/** The host's board of one session: the code on one side, the live list on the other. */
export function BoardPage({ id }: { id: string }) {
  return <OneBoard key={id} id={id} />;
}

function OneBoard({ id }: { id: string }) {
  const { feed, desk } = useMemo(() => openSessionTools(id), [id]);
  useEffect(() => () => feed[Symbol.dispose](), [feed]);
  const [shown, setShown] = useState<{ person: string; at?: 'note' } | null>(null);
  const openPerson = useCallback((person: string, at?: 'note') => {
    setShown(at ? { person, at } : { person });
  }, []);
  const tools = useMemo(() => ({ id, feed, desk, openPerson }), [id, feed, desk, openPerson]);
  const state = feed.state.value;
  const problem = feed.problem.value;
  useUnsavedGuard(desk.unsynced.value.size > 0);
  const title = state && titleOf(state.session);
  useEffect(() => {
    if (title) document.title = `${title} · Muster`;
  }, [title]);

  if (problem) {
    return (
      <div class="page page-narrow">
        {state && <h1>{text('board.gone')}</h1>}
        <ProblemNote problem={problem} onRetry={() => void feed.reload()} />
      </div>
    );
  }
  if (!state) {
    return (
      <div class="page">
        <Skeleton lines={8} />
      </div>
    );
  }
  return (
    <BoardContext.Provider value={tools}>
      <div class="board">
        <BoardHead />
        <Warnings zone={state.session.zone} />
        <div class={may('code.show') ? 'board-sides' : ''}>
          {may('code.show') && <CodeSide />}
          <ListSide />
        </div>
      </div>
      {shown && (
        <PersonDialog
          key={shown.person}
          id={shown.person}
          at={shown.at}
          onClose={() => setShown(null)}
        />
      )}
    </BoardContext.Provider>
  );
}

/** Leaving asks first while marks are on their way. */
function useUnsavedGuard(unsaved: boolean): void {
  useEffect(() => {
    if (!unsaved) return;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', stay);
    return () => removeEventListener('beforeunload', stay);
  }, [unsaved]);
}
