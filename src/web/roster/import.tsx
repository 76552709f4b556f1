import { loadGroup } from '../../client/group.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useLoaded } from '../part/loaded.tsx';
import { Page } from '../part/page.tsx';
import { ProblemNote } from '../part/problem-note.tsx';
import { useQuery } from '../part/query.ts';
import { Skeleton } from '../part/skeleton.tsx';
import { DayFiles } from './day-files.tsx';
import './import.css';
import { RosterImport } from './roster-import.tsx';

const kinds = ['people', 'day-files'] as const;

/** Brings in a list of people, or day files of earlier years. */
export function ImportPage({ id }: { id: string }) {
  const { value: group, problem, reload } = useLoaded(() => loadGroup(send, id), id);
  const [picked, pick] = useQuery('kind');
  const kind = picked === 'day-files' ? 'day-files' : 'people';
  if (!group && !problem) return <Skeleton />;
  const name = group?.name ?? '';
  return (
    <Page
      title={text('roster.title', { name })}
      up={{ href: `/app/groups/${id}`, label: name || text('start.groups') }}
    >
      {problem && <ProblemNote problem={problem} onRetry={() => void reload()} />}
      <fieldset class="kinds">
        <legend class="unseen">{text('roster.kind')}</legend>
        {kinds.map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="kind"
              checked={kind === one}
              onChange={() => pick(one === 'people' ? '' : one)}
            />
            {text(`roster.${one}`)}
          </label>
        ))}
      </fieldset>
      {kind === 'people' ? <RosterImport group={id} name={name} /> : <DayFiles group={id} />}
    </Page>
  );
}
