import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Answer } from '../../client/request.ts';
import { problemText } from '../message/text.ts';
import { showToast } from '../part/toast.tsx';
import type { Desk } from './desk.ts';
import type { Feed } from './feed.ts';
import type { BoardState } from './state.ts';

/** What every part of the board works with. */
export interface BoardTools {
  readonly id: string;
  readonly feed: Feed;
  readonly desk: Desk;
  /** Opens the dialog about a person. */
  readonly openPerson: (id: string, at?: 'note') => void;
}

export const BoardContext = createContext<BoardTools | null>(null);

export function useBoard(): BoardTools {
  const tools = useContext(BoardContext);
  if (!tools) throw new Error('A part of the board stands outside of it.');
  return tools;
}

/** The state, in parts that are only shown once there is one. */
export function useBoardState(): BoardState {
  const state = useBoard().feed.state.value;
  if (!state) throw new Error('A part of the board came before its state.');
  return state;
}

/**
 * Does something to the session and shows what came of it: the problem, or the given sentence.
 * @returns the answer's value, or undefined where it was refused
 */
export function useDeed(): <T>(
  deed: Promise<Answer<T>>,
  said?: string | ((value: T) => string),
) => Promise<T | undefined> {
  const { feed } = useBoard();
  return async (deed, said) => {
    const answer = await deed;
    if (!answer.ok) {
      showToast(problemText(answer.problem));
      return undefined;
    }
    if (said !== undefined) {
      showToast(typeof said === 'string' ? said : said(answer.value));
    }
    void feed.reload();
    return answer.value;
  };
}
