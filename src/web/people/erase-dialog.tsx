import { useState } from 'preact/hooks';
import { erasePerson } from '../../client/erasure.ts';
import type { ErasureCertificate } from '../../core/erasure.wire.ts';
import type { PersonView } from '../../core/people.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { Dialog } from '../part/dialog.tsx';
import { TextField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';

/** Cannot be undone: the name is typed, and the button takes nothing until it is right. */
export function EraseDialog(props: {
  person: PersonView;
  onErased: (certificate: ErasureCertificate) => void;
  onClose: () => void;
}) {
  const { person, onErased, onClose } = props;
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const action = useAction(() =>
    erasePerson(send, person.person, { name: typed, ...(reason.trim() ? { reason } : {}) }),
  );
  const isRight = typed.trim() === person.name.trim();
  const erase = async () => {
    const certificate = await action.run(undefined);
    if (certificate) onErased(certificate);
  };
  return (
    <Dialog title={text('people.erase-title', { name: person.name })} onClose={onClose}>
      <Form
        kind="danger"
        submit={text('people.erase')}
        ready={isRight}
        busy={action.busy}
        problem={action.problem}
        onSubmit={() => void erase()}
        onCancel={onClose}
      >
        <p>{text('people.erase-lead', { name: person.name })}</p>
        <p>{text('people.erase-sheet')}</p>
        <TextField
          label={text('people.erase-type', { name: person.name })}
          field="name"
          value={typed}
          autofocus
          autocomplete="off"
          onText={setTyped}
        />
        <TextField
          label={text('people.erase-reason')}
          field="reason"
          optional
          value={reason}
          onText={setReason}
        />
      </Form>
    </Dialog>
  );
}
