import { useMemo, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { acceptInvitation, viewInvitation } from '../../client/account.ts';
import type { InvitationView } from '../../core/account.wire.ts';
import { setMe } from '../app/me.ts';
import { send } from '../app/send.ts';
import { problemText, text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { Form } from '../part/form.tsx';
import { useLoaded } from '../part/loaded.tsx';
import { Page } from '../part/page.tsx';
import { PasswordField } from '../part/password-field.tsx';
import { Skeleton } from '../part/skeleton.tsx';
import { NameAndEmail } from './name-and-email.tsx';
import { PrivacyLink } from './privacy-link.tsx';

/** A single-use link leads here; its token stands after the `#`. */
export function InvitationPage() {
  const token = useMemo(() => location.hash.slice(1), []);
  const { value, problem } = useLoaded(() => viewInvitation(send, token), token);
  if (value) return <AcceptForm view={value} token={token} />;
  if (!problem) return <Skeleton />;
  return <Page title={text('invitation.refused')} lead={problemText(problem)} width="narrow" />;
}

function AcceptForm({ view, token }: { view: InvitationView; token: string }) {
  const { route } = useLocation();
  const [name, setName] = useState(view.name);
  const [email, setEmail] = useState(view.email ?? '');
  const [password, setPassword] = useState('');
  const action = useAction(() => acceptInvitation(send, { token, name, email, password }));
  const submit = async () => {
    const me = await action.run(undefined);
    if (!me) return;
    setMe(me);
    route('/app/', true);
  };
  return (
    <Page
      title={text('invitation.title', { organisation: view.organisation })}
      lead={text(`invitation.lead-${view.role}`)}
      width="narrow"
    >
      <Form
        submit={text('invitation.submit')}
        busy={action.busy}
        problem={action.problem}
        onSubmit={() => void submit()}
      >
        <NameAndEmail name={name} email={email} onName={setName} onEmail={setEmail} />
        <PasswordField
          label={text('account.password')}
          value={password}
          minLength={view.passwordMinLength}
          field="password"
          onText={setPassword}
        />
      </Form>
      <PrivacyLink />
    </Page>
  );
}
