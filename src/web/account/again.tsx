import { useState } from 'preact/hooks';
import type { Answer } from '../../client/request.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { Dialog } from '../part/dialog.tsx';
import { Form } from '../part/form.tsx';
import { PasswordField } from '../part/password-field.tsx';

/** Asks for the password before something that a found-open browser must not do. */
export function PasswordAgain<T>(props: {
  readonly title: string;
  readonly act: (password: string) => Promise<Answer<T>>;
  readonly onDone: (value: T) => void;
  readonly onClose: () => void;
}) {
  const { title, act, onDone, onClose } = props;
  const [password, setPassword] = useState('');
  const action = useAction(() => act(password));
  const submit = async () => {
    const value = await action.run(undefined);
    if (value === undefined) setPassword('');
    else onDone(value);
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text('step.password-again')}</p>
      <Form
        submit={title}
        busy={action.busy}
        problem={action.problem}
        onSubmit={() => void submit()}
        onCancel={onClose}
      >
        <PasswordField
          label={text('account.password')}
          value={password}
          autofocus
          field="current"
          onText={setPassword}
        />
      </Form>
    </Dialog>
  );
}
