import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { addGroup } from '../../client/group.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { Dialog } from '../part/dialog.tsx';
import { TextField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { showToast } from '../part/toast.tsx';

/** Makes a group and goes to it, where its list is brought in. */
export function AddGroup({ onClose }: { onClose: () => void }) {
  const { route } = useLocation();
  const [name, setName] = useState('');
  const action = useAction(() => addGroup(send, name));
  const submit = async () => {
    const made = await action.run(undefined);
    if (!made) return;
    showToast(text('group.added', { name }));
    route(`/app/groups/${made.id}`);
  };
  return (
    <Dialog title={text('start.add-group')} onClose={onClose}>
      <Form
        submit={text('start.add-group')}
        busy={action.busy}
        problem={action.problem}
        onSubmit={() => void submit()}
        onCancel={onClose}
      >
        <TextField
          label={text('group.name-label')}
          value={name}
          maxLength={120}
          autofocus
          field="name"
          onText={setName}
        />
      </Form>
    </Dialog>
  );
}
