import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { loadSetup, signIn } from '../../client/account.ts';
import { me, setMe } from '../app/me.ts';
import { checkNextPath } from '../app/next-path.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { TextField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { useLoaded } from '../part/loaded.tsx';
import { Page } from '../part/page.tsx';
import { PasswordField } from '../part/password-field.tsx';
import { Notice } from '../part/problem-note.tsx';

/** The way in for hosts and administrators; afterwards to where they wanted to go. */
export function SignInPage() {
  const { query, route } = useLocation();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const setup = useLoaded(() => loadSetup(send), 'setup');
  const action = useAction(() => signIn(send, { login, password }));
  const signedIn = Boolean(me.value);
  const next = checkNextPath(query.next);
  useEffect(() => {
    if (signedIn) route(next, true);
  }, [signedIn, next, route]);
  const submit = async () => {
    const person = await action.run(undefined);
    if (person) setMe(person);
    else setPassword('');
  };
  return (
    <Page title={text('sign-in.title')} width="narrow">
      {setup.value?.needed && <Notice kind="warning">{text('sign-in.not-set-up')}</Notice>}
      <Form
        submit={text('sign-in.submit')}
        busy={action.busy}
        problem={action.problem}
        onSubmit={() => void submit()}
      >
        <TextField
          label={text('sign-in.login')}
          value={login}
          autocomplete="username"
          autofocus
          onText={setLogin}
        />
        <PasswordField label={text('sign-in.password')} value={password} onText={setPassword} />
      </Form>
      <p class="quiet small">{text('sign-in.students')}</p>
    </Page>
  );
}
