import { useState } from 'preact/hooks';
import type { OwnField, PersonLine, PersonView } from '../../core/people.wire.ts';
import { text } from '../message/text.ts';
import { Button } from '../part/button.tsx';
import { Dialog } from '../part/dialog.tsx';
import { TextField } from '../part/field.tsx';
import '../part/list.css';
import { MergeForm } from './merge-form.tsx';
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
    <Dialog title={text('people.merge-title', { name: person.name })} onClose={onClose}>
      {into ? (
        <MergeForm person={person} fields={fields} into={into} onBack={() => setInto(null)} />
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
      <p>{text('people.merge-lead')}</p>
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
