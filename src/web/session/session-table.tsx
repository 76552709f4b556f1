import type { SessionLine } from '../../core/session.wire.ts';
import { text } from '../message/text.ts';
import { dateText, timeText } from '../message/when.ts';
import { type Column, Table } from '../part/table.tsx';
import { StateWord } from './state-word.tsx';
import { titleOf } from './title.ts';

/** Sessions as rows, each a way to its board. */
export function SessionTable(props: {
  rows: readonly SessionLine[];
  /** A group's own page need not name it in every row. */
  withGroup?: boolean;
  exportAs?: string;
  search?: boolean;
}) {
  const columns: readonly Column<SessionLine>[] = [
    {
      id: 'title',
      label: text('session.name'),
      role: 'row',
      cell: titleOf,
      show: (row) => <a href={`/app/sessions/${row.id}`}>{titleOf(row)}</a>,
    },
    {
      id: 'starts',
      label: text('session.starts'),
      wrap: true,
      cell: (row) => row.startsAt,
      searchable: false,
      show: (row) => (
        <>
          <span class="whole">{dateText(row.date)},</span>{' '}
          <span class="whole">{timeText(row.startsAt)}</span>
        </>
      ),
    },
    {
      id: 'state',
      label: text('session.state'),
      cell: (row) => text(`session.state-${row.state}`),
      show: (row) => <StateWord state={row.state} />,
    },
    {
      id: 'came',
      label: text('session.came'),
      align: 'end',
      cell: (row) => row.came,
      searchable: false,
      show: (row) => cameText(row),
    },
  ];
  const group: Column<SessionLine> = {
    id: 'group',
    label: text('session.group'),
    role: 'away',
    cell: (row) => row.groupName,
    show: (row) =>
      row.group ? (
        <a href={`/app/groups/${row.group}`}>{row.groupName}</a>
      ) : (
        <span class="quiet">{text('session.any-group')}</span>
      ),
  };
  return (
    <Table
      id="sessions"
      caption={text('session.title')}
      columns={props.withGroup ? columns.toSpliced(1, 0, group) : columns}
      rows={props.rows}
      keyOf={(row) => row.id}
      search={props.search ?? false}
      {...(props.exportAs ? { exportAs: props.exportAs } : {})}
    />
  );
}

/** `57 of 60`; without a list only how many came. */
export function cameText({ came, expected, state }: SessionLine): string {
  if (state === 'planned') return '';
  return expected > 0 ? text('session.came-of', { came, expected }) : String(came);
}
