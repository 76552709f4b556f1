import { useEffect, useRef, useState } from 'preact/hooks';
import type { Answer, Problem } from '../../client/request.ts';

/** What a page of a list tells besides its rows. */
interface Paged {
  /** Asks for the next page; null at the end. */
  readonly cursor: string | null;
}

interface Held<Page> {
  readonly pages: readonly Page[] | undefined;
  /** The answer of a server that cannot tell yet, while it is asked again. */
  readonly unfinished: Page | null;
  readonly problem: Problem | null;
  readonly busy: boolean;
}

export interface Pages<Page> extends Held<Page> {
  readonly reload: () => void;
  /** Asks for the next page; null at the end. */
  readonly more: (() => void) | null;
}

/**
 * A list that comes page by page. What is shown stays until the answer to a changed question is here; an answer that
 * comes too late is dropped.
 * @param about the question: another one begins anew
 * @param pauseMs how long typing has to pause before the server is asked
 * @param againMs after how long an answer that is not one yet is asked for again; null for one that counts
 */
export function usePages<Page extends Paged>({
  about,
  ask,
  pauseMs = 0,
  againMs = () => null,
}: {
  about: string;
  ask: (cursor: string | undefined) => Promise<Answer<Page>>;
  pauseMs?: number;
  againMs?: (page: Page) => number | null;
}): Pages<Page> {
  const [held, setHeld] = useState<Held<Page>>({
    pages: undefined,
    unfinished: null,
    problem: null,
    busy: false,
  });
  const turn = useRef(0);
  const load = async (mine: number, cursor?: string): Promise<void> => {
    setHeld((before) => ({ ...before, busy: true }));
    const answer = await ask(cursor);
    if (mine !== turn.current) return;
    if (!answer.ok) {
      setHeld((before) => ({ ...before, problem: answer.problem, busy: false }));
      return;
    }
    const page = answer.value;
    const wait = againMs(page);
    if (wait !== null) {
      setHeld((before) => ({ ...before, unfinished: page, problem: null }));
      setTimeout(() => mine === turn.current && void load(mine, cursor), wait);
      return;
    }
    setHeld((before) => ({
      pages: cursor === undefined ? [page] : [...(before.pages ?? []), page],
      unfinished: null,
      problem: null,
      busy: false,
    }));
  };
  const reload = (): void => {
    turn.current += 1;
    void load(turn.current);
  };
  useEffect(() => {
    const timer = setTimeout(reload, pauseMs);
    return () => {
      clearTimeout(timer);
      turn.current += 1;
    };
  }, [about]);
  const cursor = held.pages?.at(-1)?.cursor ?? null;
  const more = cursor === null ? null : () => void load(turn.current, cursor);
  return { ...held, reload, more };
}
