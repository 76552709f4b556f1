import { useState } from 'preact/hooks';
import { assignPassword } from '../../client/sign-in.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { CopyText } from '../part/copy-text.tsx';
import { Dialog } from '../part/dialog.tsx';
import { Form } from '../part/form.tsx';

/** Gives somebody a password that Muster makes, and shows it this once. */
export function AssignPasswordDialog(props: {
  person: { readonly id: string; readonly name: string };
  onClose: () => void;
}) {
  const { person, onClose } = props;
  const { name } = person;
  const [password, setPassword] = useState<string | null>(null);
  const action = useAction(() => assignPassword(send, person.id));
  const submit = async () => {
    const assigned = await action.run(undefined);
    if (assigned) setPassword(assigned.password);
  };
  return (
    <Dialog title={text('assign.title', { name })} onClose={onClose}>
      {password === null ? (
        <Form
          submit={text('assign.submit')}
          busy={action.busy}
          problem={action.problem}
          onSubmit={() => void submit()}
          onCancel={onClose}
        >
          <p>{text('assign.lead', { name })}</p>
        </Form>
      ) : (
        <>
          <CopyText label={text('assign.password')} value={password} />
          <p>{text('assign.once', { name })}</p>
        </>
      )}
    </Dialog>
  );
}
