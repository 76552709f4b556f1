import { listErasures } from '../../client/erasure.ts';
import type { ErasureCertificate } from '../../core/erasure.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { Button } from '../part/button.tsx';
import { EmptyState } from '../part/empty-state.tsx';
import { Page } from '../part/page.tsx';
import { usePages } from '../part/pages.ts';
import { ProblemNote } from '../part/problem-note.tsx';
import { Skeleton } from '../part/skeleton.tsx';
import { type Column, Table } from '../part/table.tsx';
import { orderedBy } from './certificate.tsx';

/** Every erasure, each with its certificate. */
export function ErasuresPage() {
  const found = usePages({
    about: 'erasures',
    ask: (cursor) => listErasures(send, cursor),
  });
  const rows = found.pages?.flatMap(({ erasures }) => erasures);
  const columns: readonly Column<ErasureCertificate>[] = [
    {
      id: 'number',
      label: text('erasures.number'),
      role: 'row',
      cell: (row) => row.number,
      show: ({ number, restored }) => (
        <>
          <a class="whole" href={`/app/settings/erasures/${number}`}>
            {text('erasures.number-of', { number })}
          </a>
          {restored && <div class="quiet small">{text('erasures.restored')}</div>}
        </>
      ),
    },
    {
      id: 'when',
      label: text('erasures.when'),
      wrap: true,
      cell: (row) => row.erasedAt,
      show: (row) => momentText(row.erasedAt),
    },
    { id: 'by', label: text('erasures.by'), wrap: true, cell: orderedBy },
    {
      id: 'people',
      label: text('erasures.people'),
      role: 'away',
      align: 'end',
      cell: (row) => row.erased.length,
    },
  ];
  return (
    <Page
      title={text('erasures.title')}
      lead={text('erasures.lead')}
      up={{ href: '/app/settings', label: text('settings.title') }}
    >
      {found.problem && <ProblemNote problem={found.problem} onRetry={found.reload} />}
      {!rows && !found.problem && <Skeleton lines={4} />}
      {rows?.length === 0 && (
        <EmptyState title={text('erasures.empty')} lead={text('erasures.empty-lead')} />
      )}
      {rows && rows.length > 0 && (
        <Table
          id="erasures"
          caption={text('erasures.title')}
          columns={columns}
          rows={rows}
          keyOf={(row) => String(row.seq)}
        />
      )}
      {found.more && (
        <div class="screen-only">
          <Button kind="quiet" busy={found.busy} onClick={found.more}>
            {text('erasures.more')}
          </Button>
        </div>
      )}
    </Page>
  );
}
