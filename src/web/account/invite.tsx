import { useState } from 'preact/hooks';
import { invite } from '../../client/account.ts';
import { listGroups } from '../../client/group.ts';
import type { GroupId } from '../../core/brand.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { CopyText } from '../part/copy-text.tsx';
import { Dialog } from '../part/dialog.tsx';
import { CheckField, SelectField, TextField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';

const invitedRoles = ['host', 'supervisor', 'auditor', 'admin', 'attendee'] as const;
type InvitedRole = (typeof invitedRoles)[number];

/** Makes an invitation, then shows its link this once. */
export function InviteDialog(props: { onMade: () => void; onClose: () => void }) {
  const [made, setMade] = useState<{ name: string; link: string } | null>(null);
  if (made) {
    return (
      <Dialog title={text('hosts.link-title', { name: made.name })} onClose={props.onClose}>
        <p>{text('hosts.link-lead', { name: made.name })}</p>
        <CopyText label={text('hosts.link')} value={made.link} />
      </Dialog>
    );
  }
  return (
    <Dialog title={text('hosts.invite')} onClose={props.onClose}>
      <InviteForm
        onClose={props.onClose}
        onMade={(name, link) => {
          setMade({ name, link });
          props.onMade();
        }}
      />
    </Dialog>
  );
}

function InviteForm(props: { onMade: (name: string, link: string) => void; onClose: () => void }) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<InvitedRole>('host');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const groups = useLoaded(() => listGroups(send), 'groups');
  const hasGroups = role === 'host' || role === 'supervisor';
  const action = useAction(() =>
    invite(send, {
      name,
      ...(email ? { email } : {}),
      role,
      groups: (hasGroups ? chosen : []) as GroupId[],
    }),
  );
  const submit = async () => {
    const made = await action.run(undefined);
    if (made) props.onMade(name, made.link);
  };
  const toggle = (id: string, on: boolean) =>
    setChosen(on ? [...chosen, id] : chosen.filter((other) => other !== id));
  return (
    <Form
      submit={text('hosts.invite-submit')}
      busy={action.busy}
      problem={action.problem}
      onSubmit={() => void submit()}
      onCancel={props.onClose}
    >
      <TextField label={text('hosts.name')} value={name} autofocus field="name" onText={setName} />
      <TextField
        label={text('account.email')}
        type="email"
        optional
        value={email}
        field="email"
        onText={setEmail}
      />
      <SelectField
        label={text('hosts.role')}
        hint={text(`roles.may-${role}`)}
        value={role}
        options={invitedRoles.map((value) => ({ value, label: text(`hosts.role-${value}`) }))}
        onText={(value) => setRole(value as InvitedRole)}
      />
      {hasGroups && (
        <fieldset class="check-list">
          <legend class="field-label">{text('hosts.groups')}</legend>
          <Loaded of={groups} lines={2}>
            {(rows) =>
              rows.length === 0 ? (
                <p class="quiet">{text('hosts.no-groups')}</p>
              ) : (
                rows
                  .filter((row) => !row.archived)
                  .map((row) => (
                    <CheckField
                      key={row.id}
                      label={row.name}
                      checked={chosen.includes(row.id)}
                      onCheck={(on) => toggle(row.id, on)}
                    />
                  ))
              )
            }
          </Loaded>
        </fieldset>
      )}
    </Form>
  );
}
