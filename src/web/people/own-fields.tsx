import { useState } from 'preact/hooks';
import { loadOwnFields, saveOwnFields } from '../../client/people.ts';
import type { OwnField } from '../../core/people.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { Button } from '../part/button.tsx';
import { Field, SelectField, TextField } from '../part/field.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Page } from '../part/page.tsx';
import { SaveForm } from '../part/save-form.tsx';

const types = ['text', 'date', 'number', 'choice'] as const;

/** Which fields of its own the organisation keeps of people. */
export function OwnFieldsPage() {
  const fields = useLoaded(() => loadOwnFields(send), 'own fields');
  return (
    <Page
      title={text('fields.title')}
      lead={text('fields.lead')}
      width="narrow"
      up={{ href: '/app/people', label: text('people.all') }}
    >
      <Loaded of={fields}>{(known) => <Editor known={known.fields} />}</Loaded>
    </Page>
  );
}

function Editor({ known }: { known: readonly OwnField[] }) {
  const [fields, setFields] = useState(known);
  const change = (id: string, change: Partial<OwnField>) =>
    setFields(fields.map((field) => (field.id === id ? { ...field, ...change } : field)));
  const add = () => setFields([...fields, { id: newId(fields), name: '', type: 'text' }]);
  return (
    <SaveForm save={() => saveOwnFields(send, { fields: [...fields] })}>
      {fields.length === 0 && <p class="quiet">{text('fields.none')}</p>}
      {fields.map((field) => (
        <fieldset key={field.id} class="boxed stack">
          <legend class="unseen">{field.name || text('fields.add')}</legend>
          <TextField
            label={text('fields.name')}
            value={field.name}
            maxLength={120}
            onText={(name) => change(field.id, { name })}
          />
          <SelectField
            label={text('fields.type')}
            value={field.type}
            options={types.map((value) => ({ value, label: text(`fields.type-${value}`) }))}
            onText={(type) => change(field.id, { type: type as OwnField['type'] })}
          />
          {field.type === 'choice' && (
            <Field label={text('fields.choices')}>
              {(ids) => (
                <textarea
                  {...ids}
                  class="input"
                  rows={4}
                  value={(field.choices ?? []).join('\n')}
                  onInput={(event) =>
                    change(field.id, { choices: event.currentTarget.value.split('\n') })
                  }
                />
              )}
            </Field>
          )}
          <div>
            <Button
              kind="quiet"
              size="small"
              onClick={() => setFields(fields.filter(({ id }) => id !== field.id))}
            >
              {text('fields.remove', { name: field.name })}
            </Button>
          </div>
        </fieldset>
      ))}
      {fields.length < known.length && <p class="small">{text('fields.removed-hint')}</p>}
      <div>
        <Button onClick={add}>{text('fields.add')}</Button>
      </div>
    </SaveForm>
  );
}

/** Ids stay when names change, and an id that was removed is not given again soon. */
function newId(fields: readonly OwnField[]): string {
  const taken = new Set(fields.map(({ id }) => id));
  for (let count = fields.length + 1; ; count += 1) {
    const id = `field-${Date.now().toString(36)}-${count}`;
    if (!taken.has(id)) return id;
  }
}
