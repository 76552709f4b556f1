import { useState } from 'preact/hooks';
import { saveMailSettings } from '../../client/mail.ts';
import type { MailSettings, MailSettingsView } from '../../core/mail.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { SelectField, TextField } from '../part/field.tsx';
import { SaveForm } from '../part/save-form.tsx';

const securities = ['starttls', 'tls', 'none'] as const;

/** Through which server mails go; a password that is kept never comes back into the page. */
export function MailServerForm(props: { view: MailSettingsView; onSaved: () => Promise<void> }) {
  const { view, onSaved } = props;
  const [form, setForm] = useState({
    host: view.settings?.host ?? '',
    port: String(view.settings?.port ?? 587),
    security: view.settings?.security ?? 'starttls',
    user: view.settings?.user ?? '',
    password: '',
    from: view.settings?.from ?? '',
  });
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  const save = () => {
    const { password, port, ...rest } = form;
    const request: MailSettings = {
      ...rest,
      port: Number(port),
      ...(password === '' ? {} : { password }),
    };
    return saveMailSettings(send, request);
  };
  const saved = () => {
    set({ password: '' });
    return onSaved();
  };
  return (
    <SaveForm save={save} onSaved={saved}>
      {!view.settings && <p>{text('mail.none')}</p>}
      <TextField
        label={text('mail.host')}
        field="host"
        hint={text('mail.host-hint')}
        optional
        value={form.host}
        onText={(host) => set({ host })}
      />
      <div class="fields">
        <TextField
          label={text('mail.port')}
          field="port"
          type="number"
          min={1}
          max={65_535}
          value={form.port}
          onText={(port) => set({ port })}
        />
        <SelectField
          label={text('mail.security')}
          value={form.security}
          options={securities.map((value) => ({ value, label: text(`mail.security-${value}`) }))}
          onText={(security) => set({ security: security as MailSettings['security'] })}
        />
      </div>
      <div class="fields">
        <TextField
          label={text('mail.user')}
          field="user"
          optional
          autocomplete="off"
          value={form.user}
          onText={(user) => set({ user })}
        />
        <TextField
          label={text('mail.password')}
          field="password"
          type="password"
          optional
          autocomplete="new-password"
          {...(view.hasPassword ? { hint: text('mail.password-kept') } : {})}
          value={form.password}
          onText={(password) => set({ password })}
        />
      </div>
      <TextField
        label={text('mail.from')}
        field="email"
        type="email"
        optional={form.host === ''}
        hint={text('mail.from-hint')}
        value={form.from}
        onText={(from) => set({ from })}
      />
    </SaveForm>
  );
}
