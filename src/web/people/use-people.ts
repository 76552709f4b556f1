import { useEffect, useRef, useState } from 'preact/hooks';
import { listPeople, type PeopleFilter } from '../../client/people.ts';
import type { Problem } from '../../client/request.ts';
import type { PersonLine } from '../../core/people.wire.ts';
import { send } from '../app/send.ts';

/** Typing pauses for so long before the server is asked. */
const typingMs = 120;
const indexingMs = 400;

interface Found {
  readonly people: readonly PersonLine[] | undefined;
  readonly total: number;
  readonly cursor: string | null;
  readonly indexed: number;
  readonly problem: Problem | null;
  readonly busy: boolean;
}

const nothing: Found = {
  people: undefined,
  total: 0,
  cursor: null,
  indexed: 1,
  problem: null,
  busy: false,
};

/** The people who match, page by page; what is shown stays until the answer to a changed search is here. */
export function usePeople(filter: PeopleFilter): Found & {
  readonly reload: () => void;
  /** Asks for the next page; null at the end. */
  readonly more: (() => void) | null;
} {
  const [found, setFound] = useState(nothing);
  const turn = useRef(0);
  const about = JSON.stringify(filter);
  const ask = async (mine: number, cursor?: string): Promise<void> => {
    const answer = await listPeople(send, JSON.parse(about) as PeopleFilter, cursor);
    if (mine !== turn.current) return;
    if (!answer.ok) {
      setFound((before) => ({ ...before, problem: answer.problem, busy: false }));
      return;
    }
    const { people, total, cursor: next, indexed } = answer.value;
    if (indexed < 1) {
      setFound((before) => ({ ...before, indexed, problem: null }));
      setTimeout(() => mine === turn.current && void ask(mine, cursor), indexingMs);
      return;
    }
    setFound((before) => ({
      people: cursor ? [...(before.people ?? []), ...people] : people,
      total,
      cursor: next,
      indexed,
      problem: null,
      busy: false,
    }));
  };
  const begin = (): void => {
    turn.current += 1;
    void ask(turn.current);
  };
  useEffect(() => {
    const timer = setTimeout(begin, typingMs);
    return () => {
      clearTimeout(timer);
      turn.current += 1;
    };
  }, [about]);
  const { cursor } = found;
  const more = (): void => {
    setFound((before) => ({ ...before, busy: true }));
    void ask(turn.current, cursor ?? undefined);
  };
  return { ...found, reload: begin, more: cursor === null ? null : more };
}
