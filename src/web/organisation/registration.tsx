import { useState } from 'preact/hooks';
import { changeRegistration, loadRegistrationSettings } from '../../client/registration.ts';
import type { RegistrationSettings } from '../../core/registration.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { TextField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Section } from '../part/page.tsx';
import { showToast } from '../part/toast.tsx';

/** With addresses of which mail domains people may register by themselves. */
export function RegistrationSection() {
  const settings = useLoaded(() => loadRegistrationSettings(send), 'registration-settings');
  return (
    <Section title={text('registration.setting')}>
      <div class="reading">
        <Loaded of={settings} lines={2}>
          {(before) => <RegistrationForm before={before} />}
        </Loaded>
      </div>
    </Section>
  );
}

function RegistrationForm({ before }: { before: RegistrationSettings }) {
  const [domains, setDomains] = useState(before.domains.join(', '));
  const list = domains
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((domain) => domain !== '');
  const action = useAction(() => changeRegistration(send, { domains: list }));
  const submit = async () => {
    if ((await action.run(undefined)) !== undefined) showToast(text('part.saved'));
  };
  return (
    <Form
      submit={text('part.save')}
      busy={action.busy}
      problem={action.problem}
      onSubmit={() => void submit()}
    >
      <TextField
        label={text('registration.domains')}
        hint={text('registration.domains-hint')}
        value={domains}
        maxLength={2_000}
        optional
        onText={setDomains}
      />
    </Form>
  );
}
