import { useState } from 'preact/hooks';
import { askReset } from '../../client/sign-in.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { TextField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { Page } from '../part/page.tsx';

/** Asks for a link to a new password. The answer says nothing about who is known here. */
export function ForgottenPage() {
  const [login, setLogin] = useState('');
  const [asked, setAsked] = useState(false);
  const action = useAction(() => askReset(send, login));
  const submit = async () => {
    if ((await action.run(undefined)) !== undefined) setAsked(true);
  };
  return (
    <Page
      title={text(asked ? 'forgotten.asked' : 'forgotten.title')}
      lead={asked ? undefined : text('forgotten.lead')}
      width="narrow"
      up={{ href: '/app/sign-in', label: text('sign-in.title') }}
    >
      {asked ? (
        <p role="status">{text('forgotten.asked-lead')}</p>
      ) : (
        <Form
          submit={text('forgotten.submit')}
          busy={action.busy}
          problem={action.problem}
          onSubmit={() => void submit()}
        >
          <TextField
            label={text('sign-in.login')}
            field="login"
            value={login}
            autocomplete="username"
            autofocus
            onText={setLogin}
          />
        </Form>
      )}
    </Page>
  );
}
