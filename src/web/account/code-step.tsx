import { useState } from 'preact/hooks';
import { signInByCode } from '../../client/sign-in.ts';
import { setMe } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { TextField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { Page } from '../part/page.tsx';

/** After the password: the authenticator's code. */
export function CodeStep({ onBack, onDone }: { onBack: () => void; onDone?: () => void }) {
  const [code, setCode] = useState('');
  const action = useAction(() => signInByCode(send, code));
  const submit = async () => {
    const person = await action.run(undefined);
    if (!person) return setCode('');
    setMe(person);
    onDone?.();
  };
  return (
    <Page title={text('sign-in.code-title')} lead={text('sign-in.code-lead')} width="narrow">
      <Form
        submit={text('sign-in.submit')}
        busy={action.busy}
        problem={action.problem}
        onSubmit={() => void submit()}
        onCancel={onBack}
      >
        <TextField
          label={text('sign-in.code')}
          field="code"
          value={code}
          autocomplete="one-time-code"
          autofocus
          maxLength={40}
          onText={setCode}
        />
      </Form>
    </Page>
  );
}
