import { useEffect, useRef, useState } from 'preact/hooks';
import { type AuditFilter, listAudit } from '../../client/audit.ts';
import type { Problem } from '../../client/request.ts';
import type { AuditLine } from '../../core/audit.wire.ts';
import { send } from '../app/send.ts';

interface Found {
  readonly events: readonly AuditLine[] | undefined;
  readonly cursor: string | null;
  readonly lookedBackTo: number | null;
  readonly problem: Problem | null;
  readonly busy: boolean;
}

const nothing: Found = {
  events: undefined,
  cursor: null,
  lookedBackTo: null,
  problem: null,
  busy: false,
};

/** Events that match, page by page. */
export function useAudit(filter: AuditFilter): Found & {
  readonly reload: () => void;
  /** Asks for older ones; null at the end. */
  readonly more: (() => void) | null;
} {
  const [found, setFound] = useState(nothing);
  const turn = useRef(0);
  const about = JSON.stringify(filter);
  const ask = async (mine: number, cursor?: string): Promise<void> => {
    setFound((before) => ({ ...before, busy: true }));
    const answer = await listAudit(send, JSON.parse(about) as AuditFilter, cursor);
    if (mine !== turn.current) return;
    if (!answer.ok) {
      setFound((before) => ({ ...before, problem: answer.problem, busy: false }));
      return;
    }
    const { events, cursor: next, lookedBackTo } = answer.value;
    setFound((before) => ({
      events: cursor === undefined ? events : [...(before.events ?? []), ...events],
      cursor: next,
      lookedBackTo,
      problem: null,
      busy: false,
    }));
  };
  const begin = (): void => {
    turn.current += 1;
    void ask(turn.current);
  };
  useEffect(() => {
    begin();
    return () => {
      turn.current += 1;
    };
  }, [about]);
  const { cursor } = found;
  const more = cursor === null ? null : () => void ask(turn.current, cursor);
  return { ...found, reload: begin, more };
}
