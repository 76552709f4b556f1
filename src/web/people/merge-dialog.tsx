import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { mergePerson, previewMerge } from '../../client/people.ts';
import type { PersonId } from '../../core/brand.ts';
import type { OwnField, PersonLine, PersonView } from '../../core/people.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { Button } from '../part/button.tsx';
import { Dialog } from '../part/dialog.tsx';
import { TextField } from '../part/field.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { ProblemNote } from '../part/problem-note.tsx';
import { showToast } from '../part/toast.tsx';
import { MergePreview } from './merge-preview.tsx';
import { usePeople } from './use-people.ts';

interface MergeProps {
  readonly person: PersonView;
  readonly fields: readonly OwnField[];
  readonly onClose: () => void;
}

/** Two people who are one: choose who stays, see what happens, then do it. */
export function MergeDialog({ person, fields, onClose }: MergeProps) {
  const [into, setInto] = useState<PersonLine | null>(null);
  return (
    <Dialog open title={text('people.merge-title', { name: person.name })} onClose={onClose}>
      <p>{text('people.merge-lead', { name: person.name })}</p>
      {into ? (
        <Preview person={person} fields={fields} into={into} onBack={() => setInto(null)} />
      ) : (
        <Choice person={person} onChoose={setInto} />
      )}
    </Dialog>
  );
}

function Choice(props: { person: PersonView; onChoose: (into: PersonLine) => void }) {
  const [query, setQuery] = useState(props.person.name);
  const { people } = usePeople({ query, state: 'all' });
  const others = (people ?? []).filter(({ person }) => person !== props.person.person);
  return (
    <>
      <TextField label={text('people.merge-search')} value={query} autofocus onText={setQuery} />
      <ul class="plain-list">
        {others.slice(0, 8).map((line) => (
          <li key={line.person} class="line spread">
            <span>
              {line.name} <span class="quiet small">{line.number}</span>
            </span>
            <Button size="small" onClick={() => props.onChoose(line)}>
              {text('people.merge-choose', { name: line.name })}
            </Button>
          </li>
        ))}
      </ul>
      {people && others.length === 0 && <p class="quiet">{text('people.no-hits')}</p>}
    </>
  );
}

function Preview(props: {
  person: PersonView;
  fields: readonly OwnField[];
  into: PersonLine;
  onBack: () => void;
}) {
  const { person, into, onBack } = props;
  const { route } = useLocation();
  const request = { into: into.person as PersonId };
  const preview = useLoaded(
    () => previewMerge(send, person.person, request),
    `merge ${person.person} ${into.person}`,
  );
  const action = useAction(() => mergePerson(send, person.person, request));
  const merge = async () => {
    if ((await action.run(undefined)) === undefined) return;
    showToast(text('people.merged', { from: person.name, into: into.name }));
    route(`/app/people/${into.person}`);
  };
  return (
    <Loaded of={preview}>
      {(result) => (
        <>
          <MergePreview of={result} fields={props.fields} />
          {action.problem && <ProblemNote problem={action.problem} />}
          <div class="form-foot">
            <Button kind="quiet" onClick={onBack}>
              {text('people.merge-back')}
            </Button>
            <Button kind="danger" busy={action.busy} onClick={() => void merge()}>
              {text('people.merge-now')}
            </Button>
          </div>
        </>
      )}
    </Loaded>
  );
}
