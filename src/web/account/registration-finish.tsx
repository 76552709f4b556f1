import { useMemo, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { finishRegistration, viewRegistration } from '../../client/registration.ts';
import type { RegistrationView } from '../../core/registration.wire.ts';
import { setMe } from '../app/me.ts';
import { send } from '../app/send.ts';
import { problemText, text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { Form } from '../part/form.tsx';
import { useLoaded } from '../part/loaded.tsx';
import { Page } from '../part/page.tsx';
import { PasswordField } from '../part/password-field.tsx';
import { Skeleton } from '../part/skeleton.tsx';
import { PrivacyLink } from './privacy-link.tsx';

/** The mailed link leads here; its token stands after the `#`. */
export function RegistrationFinishPage() {
  const token = useMemo(() => location.hash.slice(1), []);
  const { value, problem } = useLoaded(() => viewRegistration(send, token), token);
  if (value) return <FinishForm view={value} token={token} />;
  if (!problem) return <Skeleton />;
  return <Page title={text('registration.refused')} lead={problemText(problem)} width="narrow" />;
}

function FinishForm({ view, token }: { view: RegistrationView; token: string }) {
  const { route } = useLocation();
  const [password, setPassword] = useState('');
  const action = useAction(() => finishRegistration(send, token, password));
  const submit = async () => {
    const me = await action.run(undefined);
    if (!me) return;
    setMe(me);
    route('/app/', true);
  };
  const { known, organisation, name, number, email } = view;
  const who = [name, number, email].filter(Boolean).join(', ');
  return (
    <Page
      title={text('registration.title', { organisation })}
      lead={text(known ? 'registration.known-lead' : 'registration.finish-lead', { who })}
      width="narrow"
    >
      <Form
        submit={text('registration.finish')}
        busy={action.busy}
        problem={action.problem}
        onSubmit={() => void submit()}
      >
        <PasswordField
          label={text('account.new-password')}
          value={password}
          autofocus
          minLength={view.passwordMinLength}
          field="password"
          onText={setPassword}
        />
      </Form>
      <PrivacyLink />
    </Page>
  );
}
