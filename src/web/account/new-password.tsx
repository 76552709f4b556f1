import { useMemo, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { loadSetup } from '../../client/account.ts';
import { finishReset } from '../../client/sign-in.ts';
import { setMe } from '../app/me.ts';
import { send } from '../app/send.ts';
import { problemText, text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { ButtonLink } from '../part/button.tsx';
import { Form } from '../part/form.tsx';
import { useLoaded } from '../part/loaded.tsx';
import { Page } from '../part/page.tsx';
import { PasswordField } from '../part/password-field.tsx';
import { CodeStep } from './code-step.tsx';

/** A single-use link to a new password leads here; its token stands after the `#`. */
export function NewPasswordPage() {
  const { route } = useLocation();
  const token = useMemo(() => location.hash.slice(1), []);
  const [password, setPassword] = useState('');
  const [half, setHalf] = useState(false);
  const setup = useLoaded(() => loadSetup(send), 'setup');
  const action = useAction(() => finishReset(send, token, password));
  const submit = async () => {
    const answer = await action.run(undefined);
    if (!answer) return;
    if ('secondStep' in answer) {
      if (answer.secondStep === 'code') setHalf(true);
      else route('/app/sign-in', true);
      return;
    }
    setMe(answer);
    route('/app/', true);
  };
  if (half)
    return (
      <CodeStep onBack={() => route('/app/sign-in', true)} onDone={() => route('/app/', true)} />
    );
  const { problem } = action;
  if (token === '' || problem?.code === 'link-invalid') {
    const lead = problemText({ code: 'link-invalid', detail: {} });
    return (
      <Page title={text('new-password.refused')} lead={lead} width="narrow">
        <p>
          <ButtonLink kind="primary" href="/app/sign-in">
            {text('sign-in.title')}
          </ButtonLink>
        </p>
      </Page>
    );
  }
  return (
    <Page title={text('new-password.title')} lead={text('new-password.lead')} width="narrow">
      <Form
        submit={text('new-password.submit')}
        busy={action.busy}
        problem={problem}
        onSubmit={() => void submit()}
      >
        <PasswordField
          label={text('account.new-password')}
          value={password}
          autofocus
          minLength={setup.value?.passwordMinLength ?? 12}
          field="password"
          onText={setPassword}
        />
      </Form>
    </Page>
  );
}
