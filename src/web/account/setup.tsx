import { useMemo, useState } from 'preact/hooks';
import { loadSetup, setUp } from '../../client/account.ts';
import type { Me, SetupState } from '../../core/account.wire.ts';
import { setMe } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { ButtonLink } from '../part/button.tsx';
import { SelectField, TextField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Page, Section } from '../part/page.tsx';
import { PasswordField } from '../part/password-field.tsx';
import { NameAndEmail } from './name-and-email.tsx';

/** The one-time link leads here; its token stands after the `#`, which browsers send to nobody. */
export function SetupPage() {
  const token = useMemo(() => location.hash.slice(1), []);
  const [done, setDone] = useState<Me | null>(null);
  const setup = useLoaded(() => loadSetup(send), 'setup');
  if (done) return <SetupDone />;
  return (
    <Loaded of={setup}>
      {(state) => {
        if (!state.needed) return <AlreadySetUp />;
        if (token === '') return <NoToken />;
        return <SetupForm state={state} token={token} onDone={setDone} />;
      }}
    </Loaded>
  );
}

function SetupForm(props: { state: SetupState; token: string; onDone: (me: Me) => void }) {
  const { state, token, onDone } = props;
  const [form, setForm] = useState({
    organisation: '',
    zone: state.zone,
    words: 'school' as Me['words'],
    name: '',
    email: '',
    password: '',
  });
  const set = (change: Partial<typeof form>) => setForm((before) => ({ ...before, ...change }));
  const action = useAction(() => setUp(send, { token, language: 'en', ...form }));
  const submit = async () => {
    const me = await action.run(undefined);
    if (!me) return;
    setMe(me);
    history.replaceState(null, '', '/app/setup');
    onDone(me);
  };
  return (
    <Page title={text('setup.title')} lead={text('setup.lead')} width="narrow">
      <Form
        submit={text('setup.submit')}
        busy={action.busy}
        problem={action.problem}
        onSubmit={() => void submit()}
      >
        <Section title={text('setup.organisation')}>
          <TextField
            label={text('setup.organisation-name')}
            field="organisation"
            value={form.organisation}
            maxLength={120}
            autocomplete="organization"
            autofocus
            onText={(organisation) => set({ organisation })}
          />
          <div class="fields">
            <SelectField
              label={text('setup.zone')}
              field="zone"
              value={form.zone}
              options={state.zones.map((zone) => ({ value: zone, label: zone }))}
              onText={(zone) => set({ zone })}
            />
            <LanguageField />
          </div>
          <WordsField value={form.words} onChange={(words) => set({ words })} />
        </Section>
        <Section title={text('setup.you')}>
          <NameAndEmail
            name={form.name}
            email={form.email}
            onName={(name) => set({ name })}
            onEmail={(email) => set({ email })}
          />
          <PasswordField
            label={text('account.password')}
            value={form.password}
            minLength={state.passwordMinLength}
            field="password"
            onText={(password) => set({ password })}
          />
        </Section>
      </Form>
    </Page>
  );
}

/** The words that the organisation uses for people and groups. */
export function WordsField(props: { value: Me['words']; onChange: (words: Me['words']) => void }) {
  return (
    <SelectField
      label={text('setup.words')}
      hint={text('setup.words-hint')}
      value={props.value}
      options={[
        { value: 'school', label: text('setup.words-school') },
        { value: 'work', label: text('setup.words-work') },
      ]}
      onText={(value) => props.onChange(value === 'work' ? 'work' : 'school')}
    />
  );
}

/** The language of the pages; the names of languages are written in themselves. */
export function LanguageField() {
  return (
    <SelectField
      label={text('setup.language')}
      value="en"
      options={[{ value: 'en', label: 'English' }]}
      onText={() => {}}
    />
  );
}

function SetupDone() {
  return (
    <Page title={text('setup.done')} lead={text('setup.done-lead')} width="narrow">
      <div class="line">
        <ButtonLink kind="primary" href="/app/settings/recovery">
          {text('setup.done-sheet')}
        </ButtonLink>
        <ButtonLink href="/app/">{text('setup.done-start')}</ButtonLink>
      </div>
    </Page>
  );
}

function AlreadySetUp() {
  return (
    <Page title={text('setup.already')} lead={text('setup.already-lead')} width="narrow">
      <p>
        <ButtonLink kind="primary" href="/app/sign-in">
          {text('sign-in.title')}
        </ButtonLink>
      </p>
    </Page>
  );
}

function NoToken() {
  return <Page title={text('setup.no-token')} lead={text('setup.no-token-lead')} width="narrow" />;
}
