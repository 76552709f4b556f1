import { listGroups } from '../../client/group.ts';
import { listSessions } from '../../client/session.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { Button } from '../part/button.tsx';
import { EmptyState } from '../part/empty-state.tsx';
import { SelectField, TextField } from '../part/field.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Page } from '../part/page.tsx';
import { useQuery } from '../part/query.ts';
import { SessionTable } from './session-table.tsx';

const states = ['open', 'planned', 'closed', 'cancelled'] as const;

/** All sessions, newest first; the filters live in the address. */
export function SessionsPage() {
  const [state, setState] = useQuery('state');
  const [group, setGroup] = useQuery('group');
  const [date, setDate] = useQuery('date');
  const groups = useLoaded(() => listGroups(send), 'groups');
  const sessions = useLoaded(
    () => listSessions(send, { state, group, date }),
    [state, group, date].join(' '),
  );
  const isFiltered = Boolean(state || group || date);
  const clear = () => {
    setState('');
    setGroup('');
    setDate('');
  };
  return (
    <Page title={text('session.title')}>
      <search class="fields filters screen-only">
        <SelectField
          label={text('session.state')}
          value={state}
          options={[
            { value: '', label: text('session.all-states') },
            ...states.map((value) => ({ value, label: text(`session.state-${value}`) })),
          ]}
          onText={setState}
        />
        <SelectField
          label={text('session.group')}
          value={group}
          options={[
            { value: '', label: text('session.all-groups') },
            ...(groups.value ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onText={setGroup}
        />
        <TextField label={text('session.date')} type="date" value={date} onText={setDate} />
      </search>
      <Loaded of={sessions} lines={6}>
        {(rows) =>
          rows.length === 0 ? (
            isFiltered ? (
              <EmptyState title={text('session.none')} lead={text('session.none-lead')}>
                <Button onClick={clear}>{text('session.clear')}</Button>
              </EmptyState>
            ) : (
              <EmptyState title={text('session.none-yet')} lead={text('session.none-yet-lead')} />
            )
          ) : (
            <>
              <SessionTable rows={rows} withGroup search exportAs="sessions" />
              {rows.length >= 200 && <p class="quiet small">{text('session.newest')}</p>}
            </>
          )
        }
      </Loaded>
    </Page>
  );
}
