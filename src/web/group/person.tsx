import { useState } from 'preact/hooks';
import { addPerson, changePerson } from '../../client/group.ts';
import type { RosterLine } from '../../core/group.wire.ts';
import { me } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { wallDate } from '../message/zone-time.ts';
import { useAction } from '../part/action.ts';
import { Button } from '../part/button.tsx';
import { Dialog } from '../part/dialog.tsx';
import { TextField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { showToast } from '../part/toast.tsx';

export interface PersonDialogProps {
  readonly group: string;
  /** null: somebody new. */
  readonly person: RosterLine | null;
  readonly onChange: () => Promise<void>;
  readonly onEnd: (person: RosterLine) => Promise<void>;
  readonly onClose: () => void;
}

/** Adds somebody to a group, or changes number, name, address and dates. */
export function PersonDialog({ group, person, onChange, onEnd, onClose }: PersonDialogProps) {
  const [form, setForm] = useState({
    number: person?.number ?? '',
    name: person?.name ?? '',
    email: person?.email ?? '',
    from: person?.from ?? wallDate(Date.now(), me.value?.zone),
    until: person?.until ?? '',
  });
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  const action = useAction(() => {
    const { number, name, from } = form;
    const until = form.until || null;
    return person
      ? changePerson(send, group, person.person, {
          number,
          name,
          from,
          until,
          email: form.email || null,
        })
      : addPerson(send, group, {
          number,
          name,
          from,
          until,
          ...(form.email ? { email: form.email } : {}),
        });
  });
  const submit = async () => {
    if ((await action.run(undefined)) === undefined) return;
    showToast(person ? text('part.saved') : text('group.person-added', { name: form.name }));
    onClose();
    await onChange();
  };
  const ends = person !== null && person.until === null;
  return (
    <Dialog
      title={person ? text('group.edit-person', { name: person.name }) : text('group.add-person')}
      onClose={onClose}
    >
      <Form
        submit={text(person ? 'part.save' : 'group.add-person')}
        busy={action.busy}
        problem={action.problem}
        onSubmit={() => void submit()}
        onCancel={onClose}
      >
        <TextField
          label={text('group.number')}
          hint={text(person ? 'group.number-hint' : 'group.number-exists-hint')}
          value={form.number}
          autofocus
          field="number"
          onText={(number) => set({ number })}
        />
        <TextField
          label={text('group.name')}
          value={form.name}
          field="name"
          onText={(name) => set({ name })}
        />
        <TextField
          label={text('group.email')}
          type="email"
          optional
          value={form.email}
          field="email"
          onText={(email) => set({ email })}
        />
        <div class="fields">
          <TextField
            label={text('group.from')}
            field="from"
            type="date"
            hint={text('group.from-hint')}
            value={form.from}
            onText={(from) => set({ from })}
          />
          <TextField
            label={text('group.until')}
            field="until"
            type="date"
            optional
            hint={text('group.until-hint')}
            min={form.from}
            value={form.until}
            onText={(until) => set({ until })}
          />
        </div>
        {ends && (
          <p>
            <Button
              kind="danger"
              size="small"
              onClick={() => {
                onClose();
                void onEnd(person);
              }}
            >
              {text('group.end-today')}
            </Button>
          </p>
        )}
      </Form>
    </Dialog>
  );
}
