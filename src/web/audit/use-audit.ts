import { useMemo } from 'preact/hooks';
import { type AuditFilter, listAudit } from '../../client/audit.ts';
import { send } from '../app/send.ts';
import { usePages } from '../part/pages.ts';

/** Events that match, page by page, newest first. */
export function useAudit(filter: AuditFilter) {
  const found = usePages({
    about: JSON.stringify(filter),
    ask: (cursor) => listAudit(send, filter, cursor),
  });
  const { pages } = found;
  const events = useMemo(() => pages?.flatMap((page) => page.events), [pages]);
  return { ...found, events, lookedBackTo: pages?.at(-1)?.lookedBackTo ?? null };
}
