import type { GroupLine } from '../../core/group.wire.ts';
import { may } from '../app/me.ts';
import { text } from '../message/text.ts';
import { dayText } from '../message/when.ts';
import { Button, ButtonLink } from '../part/button.tsx';
import { EmptyState } from '../part/empty-state.tsx';
import { type Column, Table } from '../part/table.tsx';

/** The groups of the signed-in person; those put away come last. */
export function GroupList({ rows, onAdd }: { rows: readonly GroupLine[]; onAdd: () => void }) {
  if (rows.length === 0) {
    return (
      <EmptyState title={text('start.no-groups')} lead={text('start.no-groups-lead')}>
        {may('group.create') && <Button onClick={onAdd}>{text('start.add-group')}</Button>}
      </EmptyState>
    );
  }
  const columns: readonly Column<GroupLine>[] = [
    {
      id: 'name',
      label: text('group.name'),
      role: 'row',
      cell: (row) => row.name,
      show: (row) => (
        <>
          <a href={`/app/groups/${row.id}`}>{row.name}</a>
          {row.archived && <span class="quiet small"> ({text('group.archived')})</span>}
        </>
      ),
    },
    { id: 'people', label: text('group.people'), align: 'end', cell: (row) => row.people },
    {
      id: 'hosts',
      wrap: true,
      label: text('group.hosts'),
      role: 'away',
      cell: (row) => row.hosts.join(', '),
    },
    {
      id: 'last',
      role: 'away',
      label: text('group.last'),
      cell: (row) => row.lastSessionAt,
      searchable: false,
      show: (row) => (row.lastSessionAt === null ? '' : dayText(row.lastSessionAt)),
    },
  ];
  return (
    <Table
      id="groups"
      caption={text('start.groups')}
      columns={columns}
      rows={rows.toSorted((left, right) => Number(left.archived) - Number(right.archived))}
      keyOf={(row) => row.id}
      search={rows.length > 8}
      actions={(row) =>
        row.openSession && (
          <ButtonLink kind="quiet" size="small" href={`/app/sessions/${row.openSession}`}>
            {text('group.open-board')}
          </ButtonLink>
        )
      }
    />
  );
}
