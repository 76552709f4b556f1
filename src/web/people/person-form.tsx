import { useState } from 'preact/hooks';
import { loadOwnFields } from '../../client/people.ts';
import type { Answer } from '../../client/request.ts';
import type { NewPerson, OwnField, PersonView } from '../../core/people.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { Dialog } from '../part/dialog.tsx';
import { SelectField, TextField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { type PersonValues, requestOf, valuesOf } from './person-values.ts';

export interface PersonFormProps {
  readonly title: string;
  readonly submit: string;
  /** null: somebody new. */
  readonly person: PersonView | null;
  readonly save: (request: NewPerson) => Promise<Answer<unknown>>;
  readonly onSaved: (value: unknown, request: NewPerson) => void;
  readonly onClose: () => void;
}

/** Everything that is kept of a person, as fields. */
export function PersonForm(props: PersonFormProps) {
  const fields = useLoaded(() => loadOwnFields(send), 'own fields');
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <Loaded of={fields}>{(known) => <Fields {...props} own={known.fields} />}</Loaded>
    </Dialog>
  );
}

function Fields(props: PersonFormProps & { own: readonly OwnField[] }) {
  const { own, person, submit, save, onSaved, onClose } = props;
  const [values, setValues] = useState(() => valuesOf(person));
  const action = useAction(save);
  const set = (change: Partial<PersonValues>) => setValues({ ...values, ...change });
  const send = async () => {
    const request = requestOf(values, own);
    const value = await action.run(request);
    if (value !== undefined) onSaved(value, request);
  };
  return (
    <Form
      submit={submit}
      busy={action.busy}
      problem={action.problem}
      onSubmit={() => void send()}
      onCancel={onClose}
    >
      <TextField
        label={text('people.name')}
        value={values.name}
        autofocus
        field="name"
        onText={(name) => set({ name })}
      />
      <TextField
        label={text('people.number')}
        optional
        hint={text('people.number-hint')}
        value={values.number}
        field="number"
        onText={(number) => set({ number })}
      />
      <TextField
        label={text('people.email')}
        type="email"
        optional
        value={values.email}
        field="email"
        onText={(email) => set({ email })}
      />
      {(['contact', 'address', 'job', 'department'] as const).map((field) => (
        <TextField
          key={field}
          label={text(`people.${field}`)}
          field={field}
          optional
          value={values[field]}
          onText={(value) => set({ [field]: value })}
        />
      ))}
      <TextField
        label={text('people.birthDate')}
        field="birthDate"
        type="date"
        optional
        value={values.birthDate}
        onText={(birthDate) => set({ birthDate })}
      />
      {own.map((field) => (
        <OwnControl
          key={field.id}
          field={field}
          value={values.own[field.id] ?? ''}
          onText={(value) => set({ own: { ...values.own, [field.id]: value } })}
        />
      ))}
    </Form>
  );
}

function OwnControl(props: { field: OwnField; value: string; onText: (value: string) => void }) {
  const { field, value, onText } = props;
  const control = { label: field.name, field: `own.${field.id}`, optional: true, value, onText };
  if (field.type === 'choice') {
    const options = ['', ...(field.choices ?? [])].map((choice) => ({
      value: choice,
      label: choice || '–',
    }));
    return <SelectField {...control} options={options} />;
  }
  return <TextField {...control} type={field.type} />;
}
