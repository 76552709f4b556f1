import { useMemo, useState } from 'preact/hooks';
import {
  changeOrganisation,
  loadInstallation,
  loadOrganisation,
} from '../../client/organisation.ts';
import type { OrganisationSettings } from '../../core/organisation.wire.ts';
import { LanguageField, WordsField } from '../account/setup.tsx';
import { isAdmin, may, refreshMe } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { ButtonLink } from '../part/button.tsx';
import { CheckField, SelectField, TextField } from '../part/field.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Page, Section } from '../part/page.tsx';
import { SaveForm } from '../part/save-form.tsx';
import { InstallationView } from './installation.tsx';
import { RegistrationSection } from './registration.tsx';
import { SecondStepSettings } from './second-step.tsx';

/** What the organisation is called and speaks, and what the machine knows of itself. */
export function SettingsPage() {
  const organisation = useLoaded(() => loadOrganisation(send), 'organisation');
  const installation = useLoaded(() => loadInstallation(send), 'installation');
  return (
    <Page title={text('settings.title')}>
      {isAdmin() && (
        <Section title={text('settings.organisation')}>
          <div class="reading">
            <Loaded of={organisation}>
              {(settings) => <OrganisationForm before={settings} />}
            </Loaded>
          </div>
        </Section>
      )}
      <Loaded of={installation}>{(seen) => <InstallationView seen={seen} />}</Loaded>
      {isAdmin() && <SecondStepSettings />}
      {isAdmin() && <RegistrationSection />}
      {isAdmin() && (
        <Section title={text('mail.title')}>
          <p>
            <ButtonLink href="/app/settings/mail">{text('mail.open')}</ButtonLink>
          </p>
        </Section>
      )}
      {may('legal-hold.read') && (
        <Section title={text('erasures.settings')}>
          <p>{text('erasures.settings-lead')}</p>
          <div class="line">
            <ButtonLink href="/app/settings/holds">{text('hold.open')}</ButtonLink>
            <ButtonLink href="/app/settings/erasures">{text('erasures.open')}</ButtonLink>
          </div>
        </Section>
      )}
      {may('retention.read') && (
        <Section title={text('retention.title')}>
          <p>{text('retention.settings-lead')}</p>
          <p>
            <ButtonLink href="/app/settings/retention">{text('retention.open')}</ButtonLink>
          </p>
        </Section>
      )}
      {isAdmin() && (
        <Section title={text('settings.sheet')}>
          <p>{text('settings.sheet-lead')}</p>
          <p>
            <ButtonLink href="/app/settings/recovery">{text('settings.sheet-open')}</ButtonLink>
          </p>
        </Section>
      )}
    </Page>
  );
}

function OrganisationForm({ before }: { before: OrganisationSettings }) {
  const [form, setForm] = useState(before);
  const set = (change: Partial<OrganisationSettings>) => setForm({ ...form, ...change });
  const zones = useMemo(() => {
    const known = Intl.supportedValuesOf('timeZone');
    return known.includes(before.zone) ? known : [before.zone, ...known];
  }, [before.zone]);
  return (
    <SaveForm save={() => changeOrganisation(send, form)} onSaved={refreshMe}>
      <TextField
        label={text('setup.organisation-name')}
        field="name"
        value={form.name}
        maxLength={120}
        onText={(name) => set({ name })}
      />
      <div class="fields">
        <SelectField
          label={text('setup.zone')}
          field="zone"
          value={form.zone}
          options={zones.map((zone) => ({ value: zone, label: zone }))}
          onText={(zone) => set({ zone })}
        />
        <LanguageField />
      </div>
      <WordsField value={form.words} onChange={(words) => set({ words })} />
      <CheckField
        label={text('settings.day-files')}
        hint={text('settings.day-files-hint')}
        checked={form.dayFiles}
        onCheck={(dayFiles) => set({ dayFiles })}
      />
    </SaveForm>
  );
}
