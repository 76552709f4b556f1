import { useRef, useState } from 'preact/hooks';
import type { Answer, Problem } from '../../client/request.ts';

/** One call that a form or a button makes: whether it is on its way, and why it was refused. */
export interface Action<Input, T> {
  readonly busy: boolean;
  readonly problem: Problem | null;
  /** Answers the value, or undefined where it was refused; a second call while one is on its way does nothing. */
  readonly run: (input: Input) => Promise<T | undefined>;
}

export function useAction<Input, T>(act: (input: Input) => Promise<Answer<T>>): Action<Input, T> {
  const [state, setState] = useState<{ busy: boolean; problem: Problem | null }>({
    busy: false,
    problem: null,
  });
  const running = useRef(false);
  const run = async (input: Input): Promise<T | undefined> => {
    if (running.current) return undefined;
    running.current = true;
    setState({ busy: true, problem: null });
    const answer = await act(input);
    running.current = false;
    setState({ busy: false, problem: answer.ok ? null : answer.problem });
    return answer.ok ? answer.value : undefined;
  };
  return { ...state, run };
}
