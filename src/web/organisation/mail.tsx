import { useState } from 'preact/hooks';
import {
  listMail,
  loadMailSettings,
  retryMail,
  saveMailSettings,
  sendTestMail,
} from '../../client/mail.ts';
import type { MailLine, MailSettings, MailSettingsView } from '../../core/mail.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { useAction } from '../part/action.ts';
import { Button } from '../part/button.tsx';
import { EmptyState } from '../part/empty-state.tsx';
import { SelectField, TextField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Page, Section } from '../part/page.tsx';
import { ProblemNote } from '../part/problem-note.tsx';
import { type Column, Table } from '../part/table.tsx';
import { showToast } from '../part/toast.tsx';
import './mail.css';

const securities = ['starttls', 'tls', 'none'] as const;

/** The mail server, and what became of every mail. */
export function MailPage() {
  const settings = useLoaded(() => loadMailSettings(send), 'mail settings');
  const outbox = useLoaded(() => listMail(send), 'mail');
  const test = useAction(() => sendTestMail(send));
  const tryIt = async () => {
    if ((await test.run(undefined)) === undefined) return;
    showToast(text('mail.test-queued'));
    await outbox.reload();
  };
  return (
    <Page
      title={text('mail.title')}
      lead={text('mail.lead')}
      up={{ href: '/app/settings', label: text('settings.title') }}
    >
      <Section title={text('mail.server')}>
        <div class="reading">
          <Loaded of={settings}>
            {(view) => (
              <ServerForm
                view={view}
                onSaved={async () => {
                  await settings.reload();
                  await outbox.reload();
                }}
              />
            )}
          </Loaded>
        </div>
      </Section>
      <Section
        title={text('mail.outbox')}
        actions={
          <Button busy={test.busy} onClick={() => void tryIt()}>
            {text('mail.test')}
          </Button>
        }
      >
        {test.problem && <ProblemNote problem={test.problem} />}
        <Loaded of={outbox}>{(rows) => <Outbox rows={rows} onChange={outbox.reload} />}</Loaded>
      </Section>
    </Page>
  );
}

function ServerForm(props: { view: MailSettingsView; onSaved: () => Promise<void> }) {
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
  const action = useAction(() => {
    const { password, port, ...rest } = form;
    const request: MailSettings = {
      ...rest,
      port: Number(port),
      ...(password === '' ? {} : { password }),
    };
    return saveMailSettings(send, request);
  });
  const submit = async () => {
    if ((await action.run(undefined)) === undefined) return;
    set({ password: '' });
    showToast(text('part.saved'));
    await onSaved();
  };
  return (
    <Form
      submit={text('mail.save')}
      busy={action.busy}
      problem={action.problem}
      onSubmit={() => void submit()}
    >
      {!view.settings && <p>{text('mail.none')}</p>}
      <TextField
        label={text('mail.host')}
        hint={text('mail.host-hint')}
        optional
        value={form.host}
        onText={(host) => set({ host })}
      />
      <div class="fields">
        <TextField
          label={text('mail.port')}
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
          optional
          autocomplete="off"
          value={form.user}
          onText={(user) => set({ user })}
        />
        <TextField
          label={text('mail.password')}
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
        type="email"
        optional={form.host === ''}
        hint={text('mail.from-hint')}
        value={form.from}
        onText={(from) => set({ from })}
      />
    </Form>
  );
}

function Outbox(props: { rows: readonly MailLine[]; onChange: () => Promise<void> }) {
  const { rows, onChange } = props;
  if (rows.length === 0) {
    return <EmptyState title={text('mail.empty')} lead={text('mail.empty-lead')} />;
  }
  const again = async (mail: string) => {
    const answer = await retryMail(send, mail);
    if (answer.ok) showToast(text('mail.retried'));
    await onChange();
  };
  const columns: readonly Column<MailLine>[] = [
    {
      id: 'subject',
      label: text('mail.subject'),
      role: 'row',
      wrap: true,
      cell: (row) => row.subject,
      show: (row) =>
        row.text === null ? (
          row.subject
        ) : (
          <details>
            <summary>{row.subject}</summary>
            <pre class="mail-text">{row.text}</pre>
          </details>
        ),
    },
    { id: 'to', label: text('mail.to'), wrap: true, cell: (row) => row.to },
    {
      id: 'when',
      label: text('mail.when'),
      role: 'away',
      cell: (row) => row.madeAt,
      searchable: false,
      show: (row) => momentText(row.sentAt ?? row.madeAt),
    },
    {
      id: 'state',
      label: text('mail.state'),
      wrap: true,
      cell: (row) => text(`mail.state-${row.state}`),
      show: (row) => (
        <>
          {text(`mail.state-${row.state}`)}
          {row.dueAt !== null && row.tries > 0 && (
            <span class="quiet small"> · {text('mail.next', { when: momentText(row.dueAt) })}</span>
          )}
          {row.problem && <div class="quiet small">{row.problem}</div>}
        </>
      ),
    },
  ];
  return (
    <Table
      id="mail"
      caption={text('mail.outbox')}
      columns={columns}
      rows={rows}
      keyOf={(row) => row.id}
      search={rows.length > 8}
      actions={(row) =>
        row.state === 'failed' && (
          <Button kind="quiet" size="small" onClick={() => void again(row.id)}>
            {text('mail.retry')}
          </Button>
        )
      }
    />
  );
}
