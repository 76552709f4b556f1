import { auditFileUrl } from '../../client/audit.ts';
import type { AuditPerson } from '../../core/audit.wire.ts';
import { text } from '../message/text.ts';
import { momentText, zone } from '../message/when.ts';
import { instantOf } from '../message/zone-time.ts';
import { Button, ButtonLink } from '../part/button.tsx';
import { EmptyState } from '../part/empty-state.tsx';
import { Page } from '../part/page.tsx';
import { ProblemNote } from '../part/problem-note.tsx';
import { useQuery } from '../part/query.ts';
import { Skeleton } from '../part/skeleton.tsx';
import { AuditFilterFields, streamOf } from './audit-filter.tsx';
import { AuditTable, nameOf } from './audit-table.tsx';
import { useAudit } from './use-audit.ts';

/** What happened in the organisation, newest first. */
export function AuditPage() {
  const [stream, setStream] = useQuery('stream');
  const [kind, setKind] = useQuery('kind');
  const [from, setFrom] = useQuery('from');
  const [until, setUntil] = useQuery('until');
  const [actor, setActor] = useQuery('actor');
  const [subject, setSubject] = useQuery('subject');
  const span = { from: startOf(from, 0), until: startOf(until, 1) };
  const filter = { stream: streamOf(stream, kind), kind, actor, subject, ...span };
  const found = useAudit(filter);
  const { events } = found;
  const known = (events ?? []).flatMap((event) => [event.actor, event.subject ?? []].flat());
  const who = (id: string): string =>
    nameOf(known.find((person: AuditPerson) => person.id === id) ?? { id, name: null });
  const clear = () => {
    for (const set of [setStream, setKind, setFrom, setUntil, setActor, setSubject]) set('');
  };
  return (
    <Page
      title={text('audit.title')}
      lead={text('audit.lead')}
      width="full"
      actions={
        <>
          {(['csv', 'json'] as const).map((format) => (
            <ButtonLink key={format} kind="quiet" href={auditFileUrl(filter, format)} download>
              {text(`audit.export-${format}`)}
            </ButtonLink>
          ))}
          <ButtonLink href="/app/audit/anchors">{text('anchor.title')}</ButtonLink>
        </>
      }
    >
      <AuditFilterFields />
      {(actor !== '' || subject !== '') && (
        <div class="line screen-only">
          {actor !== '' && (
            <Chosen
              label={text('audit.by-actor', { name: who(actor) })}
              drop={() => setActor('')}
            />
          )}
          {subject !== '' && (
            <Chosen
              label={text('audit.about-subject', { name: who(subject) })}
              drop={() => setSubject('')}
            />
          )}
        </div>
      )}
      {found.problem && <ProblemNote problem={found.problem} onRetry={found.reload} />}
      {!events && !found.problem && <Skeleton lines={8} />}
      {events?.length === 0 && !found.more && !found.busy && (
        <EmptyState title={text('audit.none')} lead={text('audit.none-lead')}>
          <Button onClick={clear}>{text('audit.clear')}</Button>
        </EmptyState>
      )}
      {events && events.length > 0 && (
        <AuditTable rows={events} onActor={setActor} onSubject={setSubject} />
      )}
      {found.more && (
        <div class="line screen-only">
          <Button kind="quiet" busy={found.busy} onClick={found.more}>
            {text(events?.length ? 'audit.more' : 'audit.further')}
          </Button>
          {found.lookedBackTo !== null && (
            <span class="quiet small" role="status">
              {text('audit.looked', { when: momentText(found.lookedBackTo) })}
            </span>
          )}
        </div>
      )}
    </Page>
  );
}

/** The first instant of a day, or of the one after it, in the organisation's zone; empty for no day. */
function startOf(date: string, later: 0 | 1): string {
  const day = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(day)) return '';
  const first = new Date(day + later * 86_400_000).toISOString().slice(0, 10);
  return String(instantOf(`${first}T00:00`, zone.value));
}

function Chosen({ label, drop }: { label: string; drop: () => void }) {
  return (
    <Button size="small" aria-label={text('audit.remove', { what: label })} onClick={drop}>
      {label} ×
    </Button>
  );
}
