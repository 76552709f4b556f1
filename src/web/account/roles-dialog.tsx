import { useState } from 'preact/hooks';
import { setRoles } from '../../client/role.ts';
import type { Role } from '../../core/account.wire.ts';
import { send } from '../app/send.ts';
import { problemText, text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { Dialog } from '../part/dialog.tsx';
import { CheckField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { showToast } from '../part/toast.tsx';

const given = ['admin', 'host', 'supervisor', 'auditor'] as const satisfies readonly Role[];

export interface RolesDialogProps {
  readonly person: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly onChange: () => Promise<void>;
  readonly onClose: () => void;
}

/** What somebody may do; it takes effect at once and can be undone. */
export function RolesDialog({ person, name, roles, onChange, onClose }: RolesDialogProps) {
  const [chosen, setChosen] = useState<readonly Role[]>(roles);
  const action = useAction(() => setRoles(send, person, chosen));
  const undo = async () => {
    const answer = await setRoles(send, person, roles);
    if (!answer.ok) showToast(problemText(answer.problem));
    await onChange();
  };
  const submit = async () => {
    if ((await action.run(undefined)) === undefined) return;
    onClose();
    showToast(text('roles.changed', { name }), () => void undo());
    await onChange();
  };
  return (
    <Dialog title={text('roles.title', { name })} onClose={onClose}>
      <p class="quiet">{text('roles.lead', { name })}</p>
      <Form
        submit={text('part.save')}
        busy={action.busy}
        problem={action.problem}
        onSubmit={() => void submit()}
        onCancel={onClose}
      >
        <div class="stack tight">
          {given.map((role) => (
            <CheckField
              key={role}
              label={text(`hosts.role-${role}`)}
              hint={text(`roles.may-${role}`)}
              checked={chosen.includes(role)}
              onCheck={(on) =>
                setChosen(on ? [...chosen, role] : chosen.filter((other) => other !== role))
              }
            />
          ))}
        </div>
      </Form>
    </Dialog>
  );
}
