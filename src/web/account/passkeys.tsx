import { useState } from 'preact/hooks';
import type { Problem } from '../../client/request.ts';
import { addPasskey, removePasskey } from '../../client/sign-in.ts';
import type { Passkey, SecondSteps } from '../../core/sign-in.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { Button } from '../part/button.tsx';
import { Dialog } from '../part/dialog.tsx';
import { TextField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { PasswordField } from '../part/password-field.tsx';
import { type Column, Table } from '../part/table.tsx';
import { showToast } from '../part/toast.tsx';
import { PasswordAgain } from './again.tsx';
import { knowsPasskeys, makePasskey } from './passkey-call.ts';

/** The passkeys of the signed-in person. */
export function PasskeyPart(props: { steps: SecondSteps; onChange: () => void }) {
  const { passkeys, ways } = props.steps;
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<Passkey | null>(null);
  const columns: readonly Column<Passkey>[] = [
    { id: 'name', label: text('step.passkey-name'), role: 'row', cell: (row) => row.name },
    { id: 'site', label: text('step.site'), role: 'away', cell: (row) => row.site },
    {
      id: 'made',
      label: text('step.made'),
      role: 'away',
      cell: (row) => row.madeAt,
      show: (row) => momentText(row.madeAt),
    },
    {
      id: 'used',
      label: text('step.used'),
      wrap: true,
      cell: (row) => row.usedAt,
      show: (row) => (row.usedAt === null ? text('step.never') : momentText(row.usedAt)),
    },
  ];
  return (
    <div class="stack">
      <h3>{text('step.passkeys')}</h3>
      <p class="quiet">{text('step.passkeys-lead')}</p>
      {passkeys.length === 0 ? (
        <p>{text('step.passkeys-none')}</p>
      ) : (
        <Table
          id="passkeys"
          caption={text('step.passkeys')}
          columns={columns}
          rows={passkeys}
          keyOf={(row) => row.id}
          actions={(row) => (
            <Button kind="quiet" size="small" onClick={() => setLeaving(row)}>
              {text('step.remove')}
            </Button>
          )}
        />
      )}
      {ways === 'here' && knowsPasskeys() ? (
        <div class="line">
          <Button onClick={() => setAdding(true)}>{text('step.passkey-add')}</Button>
        </div>
      ) : (
        <p class="quiet small">{text(`step.passkeys-${ways === 'here' ? 'insecure' : ways}`)}</p>
      )}
      {adding && (
        <AddDialog
          onClose={() => setAdding(false)}
          onAdded={() => {
            setAdding(false);
            showToast(text('step.passkey-added'));
            props.onChange();
          }}
        />
      )}
      {leaving && (
        <PasswordAgain
          title={text('step.passkey-remove', { name: leaving.name })}
          act={(password) => removePasskey(send, leaving.id, password)}
          onDone={() => {
            setLeaving(null);
            showToast(text('step.passkey-removed'));
            props.onChange();
          }}
          onClose={() => setLeaving(null)}
        />
      )}
    </div>
  );
}

function AddDialog(props: { onAdded: () => void; onClose: () => void }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [said, setSaid] = useState('');
  const submit = async () => {
    setBusy(true);
    setProblem(null);
    setSaid('');
    const made = await makePasskey(password);
    const kept = made?.ok ? await addPasskey(send, name, made.value) : made;
    setBusy(false);
    if (kept?.ok) return props.onAdded();
    if (!kept) return setSaid(text('step.passkey-failed'));
    setPassword('');
    setProblem(kept.problem);
  };
  return (
    <Dialog title={text('step.passkey-add')} onClose={props.onClose}>
      <p>{text('step.password-again')}</p>
      <Form
        submit={text('step.passkey-add')}
        busy={busy}
        problem={problem}
        onSubmit={() => void submit()}
        onCancel={props.onClose}
      >
        <TextField
          label={text('step.passkey-name')}
          hint={text('step.passkey-name-hint')}
          optional
          autofocus
          value={name}
          maxLength={100}
          onText={setName}
        />
        <PasswordField
          label={text('account.password')}
          value={password}
          field="current"
          onText={setPassword}
        />
      </Form>
      <p role="alert">{said}</p>
    </Dialog>
  );
}
