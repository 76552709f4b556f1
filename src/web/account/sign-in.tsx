import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { loadSetup, signIn } from '../../client/account.ts';
import { loadRegistration } from '../../client/registration.ts';
import { loadSignInWays } from '../../client/sign-in.ts';
import { me, setMe } from '../app/me.ts';
import { checkNextPath } from '../app/next-path.ts';
import { send } from '../app/send.ts';
import { problemText, text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { Button } from '../part/button.tsx';
import { TextField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { useLoaded } from '../part/loaded.tsx';
import { Page } from '../part/page.tsx';
import { PasswordField } from '../part/password-field.tsx';
import { Notice } from '../part/problem-note.tsx';
import { CodeStep } from './code-step.tsx';
import { knowsPasskeys, usePasskey } from './passkey-call.ts';
import { PrivacyLink } from './privacy-link.tsx';

/** The way in for whoever has an account; afterwards to where they wanted to go. */
export function SignInPage() {
  const { query, route } = useLocation();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [wanted, setWanted] = useState<'code' | 'passkey' | null>(null);
  const registration = useLoaded(() => loadRegistration(send), 'registration');
  const setup = useLoaded(() => loadSetup(send), 'setup');
  const ways = useLoaded(() => loadSignInWays(send), 'ways');
  const action = useAction(() => signIn(send, { login, password }));
  const signedIn = Boolean(me.value);
  const next = checkNextPath(query.next);
  useEffect(() => {
    if (signedIn) route(next, true);
  }, [signedIn, next, route]);
  const submit = async () => {
    const answer = await action.run(undefined);
    setPassword('');
    if (!answer) return;
    if ('secondStep' in answer) setWanted(answer.secondStep);
    else setMe(answer);
  };
  if (wanted === 'code') return <CodeStep onBack={() => setWanted(null)} />;
  return (
    <Page title={text('sign-in.title')} width="narrow">
      {setup.value?.needed && <Notice kind="warning">{text('sign-in.not-set-up')}</Notice>}
      {wanted === 'passkey' && <Notice>{text('sign-in.passkey-only')}</Notice>}
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
      {ways.value?.passkeys === 'here' && knowsPasskeys() && <PasskeyWay />}
      {ways.value && <Forgotten byMail={ways.value.resetByMail} />}
      {registration.value?.open && (
        <p class="small">
          <a href="/app/registration">{text('registration.offer')}</a>
        </p>
      )}
      <p class="quiet small">{text('sign-in.students')}</p>
      <PrivacyLink />
    </Page>
  );
}

/** What to do about a forgotten password. */
function Forgotten({ byMail }: { byMail: boolean }) {
  if (!byMail) return <p class="quiet small">{text('forgotten.ask')}</p>;
  return (
    <p class="small">
      <a href="/app/forgotten">{text('forgotten.title')}</a>
    </p>
  );
}

/** Signing in without a name; it is not shown where passkeys cannot work. */
function PasskeyWay() {
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const use = async () => {
    setBusy(true);
    setSaid('');
    const answer = await usePasskey();
    setBusy(false);
    if (answer?.ok) setMe(answer.value);
    else setSaid(answer ? problemText(answer.problem) : text('sign-in.passkey-cancelled'));
  };
  return (
    <div class="stack">
      <div class="form-foot">
        <Button busy={busy} onClick={() => void use()}>
          {text('sign-in.use-passkey')}
        </Button>
      </div>
      <p role="alert" class="small">
        {said}
      </p>
    </div>
  );
}
