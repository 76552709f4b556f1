import { useState } from 'preact/hooks';
import { loadRegistration, register } from '../../client/registration.ts';
import type { RegistrationState } from '../../core/registration.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { TextField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Page } from '../part/page.tsx';
import { NameAndEmail } from './name-and-email.tsx';
import { PrivacyLink } from './privacy-link.tsx';

/** Registering by oneself, where the organisation allows it. */
export function RegistrationPage() {
  const state = useLoaded(() => loadRegistration(send), 'registration');
  return (
    <Loaded of={state}>
      {(loaded) =>
        loaded.open ? (
          <AskForm state={loaded} />
        ) : (
          <Page
            title={text('registration.closed')}
            lead={text('registration.closed-lead')}
            width="narrow"
          >
            <p>
              <a href="/app/sign-in">{text('sign-in.title')}</a>
            </p>
          </Page>
        )
      }
    </Loaded>
  );
}

function AskForm({ state }: { state: RegistrationState }) {
  const [number, setNumber] = useState('');
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [asked, setAsked] = useState(false);
  const action = useAction(() => register(send, { number, name, email }));
  const submit = async () => {
    if ((await action.run(undefined)) !== undefined) setAsked(true);
  };
  if (asked) {
    return (
      <Page
        title={text('registration.asked')}
        lead={text('registration.asked-lead', { email })}
        width="narrow"
      />
    );
  }
  return (
    <Page
      title={text('registration.title', { organisation: state.organisation })}
      lead={text('registration.lead', { domains: state.domains.join(', ') })}
      width="narrow"
    >
      <Form
        submit={text('registration.submit')}
        busy={action.busy}
        problem={action.problem}
        onSubmit={() => void submit()}
      >
        <TextField
          label={text('group.number')}
          value={number}
          autofocus
          field="number"
          onText={setNumber}
        />
        <NameAndEmail name={name} email={email} onName={setName} onEmail={setEmail} />
      </Form>
      <PrivacyLink />
    </Page>
  );
}
