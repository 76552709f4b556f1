import { useState } from 'preact/hooks';
import { changeRegistration, loadRegistrationSettings } from '../../client/registration.ts';
import type { RegistrationSettings } from '../../core/registration.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { TextField } from '../part/field.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Section } from '../part/page.tsx';
import { SaveForm } from '../part/save-form.tsx';

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
  return (
    <SaveForm save={() => changeRegistration(send, { domains: list })}>
      <TextField
        label={text('registration.domains')}
        field="domains"
        hint={text('registration.domains-hint')}
        value={domains}
        maxLength={2_000}
        optional
        onText={setDomains}
      />
    </SaveForm>
  );
}
