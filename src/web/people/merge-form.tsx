import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { mergePerson, previewMerge } from '../../client/people.ts';
import type { PersonId } from '../../core/brand.ts';
import type { MergeResult, OwnField, PersonLine, PersonView } from '../../core/people.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { Form } from '../part/form.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { showToast } from '../part/toast.tsx';
import { MergeEffects, nameInMerge } from './merge-effects.tsx';
import { MergeFields } from './merge-fields.tsx';

interface MergeFormProps {
  readonly person: PersonView;
  readonly into: PersonLine;
  readonly fields: readonly OwnField[];
  readonly onBack: () => void;
}

/** What a merge will do; whose value stands is chosen where two differ. */
export function MergeForm(props: MergeFormProps) {
  const { person, into } = props;
  const preview = useLoaded(
    () => previewMerge(send, person.person, { into: into.person as PersonId }),
    `merge ${person.person} ${into.person}`,
  );
  return <Loaded of={preview}>{(standing) => <Merging {...props} standing={standing} />}</Loaded>;
}

function Merging(props: MergeFormProps & { standing: MergeResult }) {
  const { person, into, fields, standing, onBack } = props;
  const { route } = useLocation();
  const [take, setTake] = useState<ReadonlySet<string>>(new Set());
  const first = useRef<HTMLParagraphElement>(null);
  // the button that led here is gone
  useEffect(() => first.current?.focus(), []);
  const request = { into: into.person as PersonId, take: [...take] };
  const action = useAction(() => mergePerson(send, person.person, request));
  const merge = async () => {
    if ((await action.run(undefined)) === undefined) return;
    showToast(text('people.merged', { from: person.name, into: into.name }));
    route(`/app/people/${into.person}`);
  };
  const choose = (field: string, fromOther: boolean) => {
    const others = [...take].filter((taken) => taken !== field);
    setTake(new Set(fromOther ? [...others, field] : others));
  };
  return (
    <Form
      kind="danger"
      submit={text('people.merge-now')}
      cancel={text('people.merge-back')}
      busy={action.busy}
      problem={action.problem}
      onSubmit={() => void merge()}
      onCancel={onBack}
    >
      <p ref={first} tabIndex={-1}>
        {text('people.merge-into', {
          from: nameInMerge(standing.from),
          into: nameInMerge(standing.into),
        })}
      </p>
      <MergeFields of={standing} own={fields} take={take} onChoose={choose} />
      <MergeEffects of={standing} take={take} />
    </Form>
  );
}
