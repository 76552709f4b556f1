import { listGroups, loadRegister } from '../../client/group.ts';
import type { GroupRegister } from '../../core/group.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { rateText } from '../message/when.ts';
import { Button } from '../part/button.tsx';
import { toCsv } from '../part/csv.ts';
import { download } from '../part/download.ts';
import { EmptyState } from '../part/empty-state.tsx';
import { useLoaded } from '../part/loaded.tsx';
import { Page } from '../part/page.tsx';
import { ProblemNote } from '../part/problem-note.tsx';
import { SearchBox } from '../part/search-box.tsx';
import { Skeleton } from '../part/skeleton.tsx';
import { RegisterGrid } from './register-grid.tsx';

/** Every session of a term against every person, with rates; for reading, printing and taking away. */
export function TermRegisterPage({ id }: { id: string }) {
  const { value, problem, reload } = useLoaded(() => loadRegister(send, id), id);
  const groups = useLoaded(() => listGroups(send), 'groups');
  const name = groups.value?.find((group) => group.id === id)?.name;
  const title = name ? text('term.of', { name }) : text('term.title');
  const empty = value && (value.sessions.length === 0 || value.people.length === 0);
  if (!value && !problem) return <Skeleton lines={8} />;
  return (
    <Page
      title={title}
      up={{ href: `/app/groups/${id}`, label: name ?? text('start.groups') }}
      width="full"
      actions={
        value &&
        !empty && (
          <>
            <Button onClick={() => download(`${title}.csv`, registerCsv(value))}>
              {text('part.export')}
            </Button>
            <Button onClick={() => print()}>{text('part.print')}</Button>
          </>
        )
      }
    >
      {problem && <ProblemNote problem={problem} onRetry={() => void reload()} />}
      {empty && <EmptyState title={text('term.empty')} lead={text('term.empty-lead')} />}
      {value && !empty && (
        <>
          <div class="line screen-only">
            <SearchBox name="q" label={text('part.search')} />
            <span class="quiet small">{text('term.keys')}</span>
          </div>
          <RegisterGrid register={value} />
          <p class="quiet small">{text('term.legend')}</p>
        </>
      )}
    </Page>
  );
}

function registerCsv({ sessions, people }: GroupRegister): string {
  const head = [
    text('group.number'),
    text('group.name'),
    ...sessions.map(({ date, time, title }) => `${date} ${time} ${title}`),
    text('group.rate'),
  ];
  const rows = people.map(({ number, name, marks, rate }) => [
    number,
    name,
    ...marks.map((mark) => (mark === '-' ? text('status.not-enrolled') : (mark ?? ''))),
    rateText(rate.rate),
  ]);
  return toCsv([head, ...rows]);
}
