import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { listGroups } from '../../client/group.ts';
import { addToOrganisation, type PeopleFilter, peopleCsvUrl } from '../../client/people.ts';
import { may } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { Button, ButtonLink } from '../part/button.tsx';
import { EmptyState } from '../part/empty-state.tsx';
import { SelectField } from '../part/field.tsx';
import { useLoaded } from '../part/loaded.tsx';
import { Page } from '../part/page.tsx';
import { ProblemNote } from '../part/problem-note.tsx';
import { useQuery } from '../part/query.ts';
import { SearchBox } from '../part/search-box.tsx';
import { Skeleton } from '../part/skeleton.tsx';
import { showToast } from '../part/toast.tsx';
import { PeopleTable } from './people-table.tsx';
import { PersonForm } from './person-form.tsx';
import { usePeople } from './use-people.ts';

const roles = ['admin', 'host', 'supervisor', 'auditor', 'attendee'] as const;

/** Everybody, searched and filtered; search, filters and order live in the address. */
export function PeoplePage() {
  const [adding, setAdding] = useState(false);
  const { route } = useLocation();
  const [query, setQuery] = useQuery('q');
  const [state, setState] = useQuery('state');
  const [role, setRole] = useQuery('role');
  const [group, setGroup] = useQuery('group');
  const [sort, setSort] = useQuery('sort');
  const filter: PeopleFilter = { query, state, role, group, sort };
  const found = usePeople(filter);
  const groups = useLoaded(() => listGroups(send), 'groups');
  const isFiltered = [query, state, role, group].some((value) => value !== '');
  const clear = () => {
    for (const set of [setQuery, setState, setRole, setGroup]) set('');
  };
  return (
    <Page
      title={text('people.title')}
      lead={text('people.lead')}
      width="full"
      actions={
        may('people.change') && (
          <>
            <ButtonLink kind="quiet" href="/app/people/import">
              {text('people.import')}
            </ButtonLink>
            <ButtonLink kind="quiet" href="/app/people/fields">
              {text('fields.title')}
            </ButtonLink>
            <Button kind="primary" onClick={() => setAdding(true)}>
              {text('people.add')}
            </Button>
          </>
        )
      }
    >
      <search class="stack screen-only">
        <SearchBox name="q" label={text('people.search')} />
        <p class="quiet small">{text('people.search-hint')}</p>
        <div class="fields filters">
          <SelectField
            label={text('people.state')}
            value={state}
            options={[
              { value: '', label: text('people.state-active') },
              { value: 'inactive', label: text('people.state-inactive') },
              { value: 'all', label: text('people.state-all') },
            ]}
            onText={setState}
          />
          <SelectField
            label={text('people.role')}
            value={role}
            options={[
              { value: '', label: text('people.any-role') },
              ...roles.map((value) => ({ value, label: text(`hosts.role-${value}`) })),
              { value: 'none', label: text('people.no-role') },
            ]}
            onText={setRole}
          />
          <SelectField
            label={text('people.group')}
            value={group}
            options={[
              { value: '', label: text('people.any-group') },
              ...(groups.value ?? []).map(({ id, name }) => ({ value: id, label: name })),
              { value: 'none', label: text('people.no-group') },
            ]}
            onText={setGroup}
          />
          <SelectField
            label={text('people.sort')}
            value={sort}
            options={[
              { value: '', label: text('people.by-name') },
              { value: 'number', label: text('people.by-number') },
              { value: '-added', label: text('people.by-added') },
            ]}
            onText={setSort}
          />
        </div>
      </search>
      {found.problem && <ProblemNote problem={found.problem} onRetry={found.reload} />}
      {found.indexed < 1 && !found.problem && (
        <p role="status">{text('people.reading', { percent: Math.floor(found.indexed * 100) })}</p>
      )}
      {!found.people && !found.problem && <Skeleton lines={8} />}
      {found.people?.length === 0 && (
        <EmptyState
          title={text(isFiltered ? 'people.no-hits' : 'people.none')}
          lead={text(isFiltered ? 'people.no-hits-lead' : 'people.none-lead')}
        >
          {isFiltered && <Button onClick={clear}>{text('people.clear')}</Button>}
        </EmptyState>
      )}
      {found.people && found.people.length > 0 && (
        <>
          <div class="line spread screen-only">
            <span class="quiet small" role="status">
              {text('people.found', { count: found.total })}
            </span>
            <ButtonLink kind="quiet" size="small" href={peopleCsvUrl(filter)} download>
              {text('people.export')}
            </ButtonLink>
          </div>
          <PeopleTable rows={found.people} />
          {found.more && (
            <div class="screen-only">
              <Button kind="quiet" busy={found.busy} onClick={found.more}>
                {text('people.more')}
              </Button>
            </div>
          )}
        </>
      )}
      {adding && (
        <PersonForm
          title={text('people.add')}
          submit={text('people.add')}
          person={null}
          save={(request) => addToOrganisation(send, request)}
          onSaved={(value, { name }) => {
            showToast(text('people.added', { name }));
            route(`/app/people/${(value as { person: string }).person}`);
          }}
          onClose={() => setAdding(false)}
        />
      )}
    </Page>
  );
}
