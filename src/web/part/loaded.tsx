import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Answer, Problem } from '../../client/request.ts';
import { ProblemNote } from './problem-note.tsx';
import { Skeleton } from './skeleton.tsx';

/** Something asked of the server: on its way, here, or refused. */
export interface Loading<T> {
  readonly value: T | undefined;
  readonly problem: Problem | null;
  /** Asks again; what is shown stays until the answer is here. */
  readonly reload: () => Promise<void>;
}

/** Asks when the page appears and whenever `about` changes; an answer that comes too late is dropped. */
export function useLoaded<T>(ask: () => Promise<Answer<T>>, about: string): Loading<T> {
  const [state, setState] = useState<{ about: string; value?: T; problem?: Problem }>({ about });
  const latest = useRef({ ask, turn: 0 });
  latest.current.ask = ask;
  const reload = useCallback(async () => {
    latest.current.turn += 1;
    const { turn } = latest.current;
    const answer = await latest.current.ask();
    if (turn !== latest.current.turn) return;
    setState((before) =>
      answer.ok
        ? { about, value: answer.value }
        : { ...(before.about === about ? before : {}), about, problem: answer.problem },
    );
  }, [about]);
  useEffect(() => {
    void reload();
    return () => {
      latest.current.turn += 1;
    };
  }, [reload]);
  const mine = state.about === about ? state : { about };
  return { value: mine.value, problem: mine.problem ?? null, reload };
}

/** Shows what has been loaded, a skeleton until then, the problem with a way to try again otherwise. */
export function Loaded<T>(props: {
  of: Loading<T>;
  lines?: number;
  children: (value: T) => ComponentChildren;
}) {
  const { value, problem, reload } = props.of;
  return (
    <>
      {problem && <ProblemNote problem={problem} onRetry={() => void reload()} />}
      {value !== undefined && props.children(value)}
      {value === undefined && !problem && <Skeleton lines={props.lines ?? 4} />}
    </>
  );
}
