import type { Answer } from '../../client/request.ts';
import type { AttendanceLine, PersonAttendance } from '../../core/people.wire.ts';
import { text } from '../message/text.ts';
import { dateText, rateText, timeText } from '../message/when.ts';
import { EmptyState } from '../part/empty-state.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { StatusMark } from '../part/status-mark.tsx';
import { type Column, Table } from '../part/table.tsx';

/** Every session of which the person is a part, newest first, with the rate over all of them. */
export function Attendance(props: {
  /** Whose it is. */
  about: string;
  ask: () => Promise<Answer<PersonAttendance>>;
  /** Whether sessions lead to their boards. */
  linked: boolean;
}) {
  const attendance = useLoaded(props.ask, `attendance ${props.about}`);
  return (
    <Loaded of={attendance}>
      {({ rate, sessions }) =>
        sessions.length === 0 ? (
          <EmptyState
            title={text('people.attendance-none')}
            lead={text('people.attendance-none-lead')}
          />
        ) : (
          <>
            {rate.counted > 0 && (
              <p>
                {text('people.rate', {
                  came: rate.present + rate.late,
                  counted: rate.counted,
                  rate: rateText(rate.rate),
                })}
              </p>
            )}
            <Table
              id="attendance"
              caption={text('people.attendance')}
              columns={columns(props.linked)}
              rows={sessions}
              keyOf={(row) => row.session}
              search={sessions.length > 8}
              exportAs="attendance"
            />
          </>
        )
      }
    </Loaded>
  );
}

const nameOf = (row: AttendanceLine): string => row.title || row.group?.name || '';

function wordOf({ status, pending, minutesLate }: AttendanceLine): string {
  if (pending) return text('status.pending');
  if (status === 'late') return text('people.late', { count: minutesLate });
  return text(`status.${status ?? 'none'}`);
}

const columns = (linked: boolean): readonly Column<AttendanceLine>[] => [
  {
    id: 'session',
    label: text('people.session'),
    role: 'row',
    wrap: true,
    cell: nameOf,
    show: (row) => {
      const name = nameOf(row) || dateText(row.date);
      return linked ? <a href={`/app/sessions/${row.session}`}>{name}</a> : name;
    },
  },
  {
    id: 'when',
    label: text('people.when'),
    cell: (row) => row.startsAt,
    searchable: false,
    wrap: true,
    show: (row) => `${dateText(row.date)}, ${timeText(row.at ?? row.startsAt)}`,
  },
  {
    id: 'status',
    label: text('people.status'),
    cell: wordOf,
    show: (row) => (
      <StatusMark mark={row.pending ? 'pending' : (row.status ?? 'none')} label={wordOf(row)} />
    ),
  },
];
