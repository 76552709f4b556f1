import { useState } from 'preact/hooks';
import { makeRecoverySheet } from '../../client/organisation.ts';
import type { RecoverySheet } from '../../core/organisation.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { useAction } from '../part/action.ts';
import { ButtonLink } from '../part/button.tsx';
import { Form } from '../part/form.tsx';
import { Page } from '../part/page.tsx';
import { PasswordField } from '../part/password-field.tsx';
import { Notice } from '../part/problem-note.tsx';
import { Sheet } from '../part/sheet.tsx';
import './recovery.css';

/** The master key on paper: the password again, then a sheet to be printed. Nothing of it stays in the page. */
export function RecoveryPage() {
  const [password, setPassword] = useState('');
  const [sheet, setSheet] = useState<RecoverySheet | null>(null);
  const action = useAction(() => makeRecoverySheet(send, password));
  if (sheet) return <RecoverySheetPage sheet={sheet} />;
  const elsewhere = action.problem?.detail.reason === 'key-elsewhere';
  const submit = async () => {
    const made = await action.run(undefined);
    setPassword('');
    if (made) setSheet(made);
  };
  return (
    <Page
      title={text('sheet.title')}
      lead={text('sheet.password-lead')}
      up={{ href: '/app/settings', label: text('settings.title') }}
      width="narrow"
    >
      {elsewhere && <Notice kind="warning">{text('sheet.elsewhere')}</Notice>}
      <Form
        submit={text('sheet.submit')}
        busy={action.busy}
        problem={elsewhere ? null : action.problem}
        onSubmit={() => void submit()}
      >
        <PasswordField
          label={text('account.password')}
          value={password}
          autofocus
          field="current"
          onText={setPassword}
        />
      </Form>
    </Page>
  );
}

function RecoverySheetPage({ sheet }: { sheet: RecoverySheet }) {
  return (
    <Page title={`${text('sheet.title')}: ${sheet.organisation}`} width="narrow">
      <Sheet actions={<ButtonLink href="/app/">{text('shell.to-start')}</ButtonLink>}>
        <p class="quiet">
          {text('sheet.installation', { id: sheet.installation })} ·{' '}
          {text('sheet.made', { when: momentText(sheet.madeAt) })}
        </p>
        <KeyLines title={text('sheet.master')} lines={sheet.lines} />
        {sheet.epochs.map(({ epoch, lines }) => (
          <KeyLines key={epoch} title={text('sheet.epoch', { epoch })} lines={lines} />
        ))}
        <p>{text('sheet.use')}</p>
        <p>
          <strong>{text('sheet.keep')}</strong>
        </p>
      </Sheet>
    </Page>
  );
}

function KeyLines({ title, lines }: { title: string; lines: readonly string[] }) {
  return (
    <section>
      <h3>{title}</h3>
      <ol class="sheet-lines">
        {lines.map((line) => (
          <li key={line}>
            <code>{line}</code>
          </li>
        ))}
      </ol>
    </section>
  );
}
