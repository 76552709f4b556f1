import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { BoardPerson } from '../../core/session.wire.ts';
import type { People } from './state.ts';

const stillMs = 2_500;

/**
 * Rows keep their places while the pointer moves over them or keys work on them, so that nobody marks the wrong name
 * because one came in above or left its place; they fall into place when pointer and keys have rested a while.
 */
export function useHeldRows(fresh: readonly BoardPerson[], people: People) {
  const [held, setHeld] = useState<readonly string[] | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const current = useRef(fresh);
  current.current = fresh;

  const release = useCallback(() => {
    clearTimeout(timer.current);
    setHeld(null);
  }, []);
  const hold = useCallback(
    (forMs = stillMs) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(release, forMs);
      setHeld((now) => now ?? current.current.map(({ id }) => id));
    },
    [release],
  );
  useEffect(() => release, [release]);

  const rows = held ? held.flatMap((id) => people.get(id) ?? []) : fresh;
  const shown = new Set(held ?? []);
  const waiting = held ? fresh.filter(({ id }) => !shown.has(id)).length : 0;
  return { rows, waiting, hold, release };
}
