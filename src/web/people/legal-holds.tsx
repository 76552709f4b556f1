import { listHolds } from '../../client/legal-hold.ts';
import type { LegalHold } from '../../core/legal-hold.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { ButtonLink } from '../part/button.tsx';
import { EmptyState } from '../part/empty-state.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Page } from '../part/page.tsx';
import { type Column, Table } from '../part/table.tsx';
import { placedBy } from './legal-hold.tsx';

/** Whose data must be kept, the oldest hold first. */
export function LegalHoldsPage() {
  const holds = useLoaded(() => listHolds(send), 'holds');
  const columns: readonly Column<LegalHold>[] = [
    {
      id: 'person',
      label: text('hold.person'),
      role: 'row',
      wrap: true,
      cell: ({ number, name }) => [name, number].filter(Boolean).join(' · '),
      show: ({ person, number, name }) => (
        <>
          <a href={`/app/people/${person}`}>{name}</a>
          {number && <div class="quiet small">{number}</div>}
        </>
      ),
    },
    { id: 'reason', label: text('hold.reason'), wrap: true, cell: (row) => row.reason },
    {
      id: 'since',
      label: text('hold.since'),
      wrap: true,
      searchable: false,
      cell: (row) => row.placedAt,
      show: (row) => momentText(row.placedAt),
    },
    { id: 'by', label: text('hold.by'), role: 'away', wrap: true, cell: placedBy },
  ];
  return (
    <Page
      title={text('hold.title')}
      lead={text('hold.lead')}
      up={{ href: '/app/settings', label: text('settings.title') }}
    >
      <Loaded of={holds}>
        {(list) =>
          list.holds.length === 0 ? (
            <EmptyState title={text('hold.empty')} lead={text('hold.empty-lead')}>
              <ButtonLink href="/app/people">{text('people.all')}</ButtonLink>
            </EmptyState>
          ) : (
            <Table
              id="holds"
              caption={text('hold.title')}
              columns={columns}
              rows={list.holds}
              keyOf={(row) => row.person}
              search={list.holds.length > 8}
              exportAs="legal-holds"
            />
          )
        }
      </Loaded>
    </Page>
  );
}
