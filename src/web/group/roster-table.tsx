import { useState } from 'preact/hooks';
import { changePerson, rosterCsvUrl } from '../../client/group.ts';
import type { GroupView, RosterLine } from '../../core/group.wire.ts';
import { may, me } from '../app/me.ts';
import { send } from '../app/send.ts';
import { problemText, text } from '../message/text.ts';
import { dateText, rateText } from '../message/when.ts';
import { wallDate } from '../message/zone-time.ts';
import { Button, ButtonLink } from '../part/button.tsx';
import { EmptyState } from '../part/empty-state.tsx';
import { Section } from '../part/page.tsx';
import { type Column, Table } from '../part/table.tsx';
import { showToast } from '../part/toast.tsx';
import { PersonDialog } from './person.tsx';

/** The people of a group with their rates; adding, editing and ending an enrolment. */
export function RosterTable(props: { group: GroupView; onChange: () => Promise<void> }) {
  const { group, onChange } = props;
  const [open, setOpen] = useState<RosterLine | 'new' | null>(null);
  const mayChange = may('roster.change');
  const setUntil = async (row: RosterLine, until: string | null) => {
    const answer = await changePerson(send, group.id, row.person, { until });
    if (!answer.ok) showToast(problemText(answer.problem));
    await onChange();
    return answer.ok;
  };
  const end = async (row: RosterLine) => {
    if (!(await setUntil(row, wallDate(Date.now(), me.value?.zone)))) return;
    showToast(text('group.ended', { name: row.name }), () => void setUntil(row, row.until));
  };
  return (
    <Section
      title={text('group.people')}
      actions={
        mayChange && (
          <>
            <Button onClick={() => setOpen('new')}>{text('group.add-person')}</Button>
            <ButtonLink href={`/app/groups/${group.id}/import`}>{text('group.import')}</ButtonLink>
          </>
        )
      }
    >
      {group.roster.length === 0 ? (
        <EmptyState title={text('group.no-people')} lead={text('group.no-people-lead')}>
          {mayChange && (
            <ButtonLink kind="primary" href={`/app/groups/${group.id}/import`}>
              {text('group.import')}
            </ButtonLink>
          )}
        </EmptyState>
      ) : (
        <Table
          id="people"
          caption={text('group.people')}
          columns={rosterColumns()}
          rows={group.roster}
          keyOf={(row) => row.person}
          search
          exportHref={rosterCsvUrl(group.id)}
          actions={(row) =>
            mayChange && (
              <Button kind="quiet" size="small" onClick={() => setOpen(row)}>
                {text('group.edit')}
                <span class="unseen"> {row.name}</span>
              </Button>
            )
          }
        />
      )}
      {open && (
        <PersonDialog
          group={group.id}
          person={open === 'new' ? null : open}
          onChange={onChange}
          onEnd={end}
          onClose={() => setOpen(null)}
        />
      )}
    </Section>
  );
}

function rosterColumns(): readonly Column<RosterLine>[] {
  return [
    { id: 'number', label: text('group.number'), cell: (row) => row.number },
    {
      id: 'name',
      label: text('group.name'),
      role: 'row',
      cell: (row) => row.name,
      show: (row) =>
        may('person.read') ? (
          <a href={`/app/people/${row.person}`}>
            <bdi>{row.name}</bdi>
          </a>
        ) : (
          <bdi>{row.name}</bdi>
        ),
    },
    {
      id: 'rate',
      label: text('group.rate'),
      align: 'end',
      searchable: false,
      cell: (row) => (row.rate.rate === null ? null : Math.floor(row.rate.rate * 1000) / 1000),
      show: (row) => (
        <span title={rateTitle(row)}>
          {rateText(row.rate.rate)}
          <span class="unseen"> {rateTitle(row)}</span>
        </span>
      ),
    },
    {
      id: 'email',
      label: text('group.email'),
      role: 'away',
      wrap: true,
      cell: (row) => row.email,
    },
    {
      id: 'from',
      label: text('group.from'),
      role: 'away',
      cell: (row) => row.from,
      searchable: false,
      show: (row) => dateText(row.from),
    },
    {
      id: 'until',
      label: text('group.until'),
      role: 'away',
      cell: (row) => row.until,
      searchable: false,
      show: (row) => (row.until ? dateText(row.until) : ''),
    },
  ];
}

function rateTitle({ rate }: RosterLine): string {
  if (rate.rate === null) return text('group.rate-none');
  return text('group.rate-of', { came: rate.present + rate.late, counted: rate.counted });
}
