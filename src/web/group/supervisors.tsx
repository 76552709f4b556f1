import { useState } from 'preact/hooks';
import { listHosts } from '../../client/account.ts';
import { setSupervisors } from '../../client/role.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { Dialog } from '../part/dialog.tsx';
import { CheckField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import type { HostsDialogProps } from './hosts.tsx';

/** Who looks after a group without running it. */
export function SupervisorsDialog({ group, onChange, onClose }: HostsDialogProps) {
  const [chosen, setChosen] = useState(group.supervisors.map(({ id }) => id));
  const people = useLoaded(() => listHosts(send), 'hosts');
  const action = useAction(() => setSupervisors(send, group.id, chosen));
  const submit = async () => {
    if ((await action.run(undefined)) === undefined) return;
    onClose();
    await onChange();
  };
  return (
    <Dialog open title={text('group.supervisors-title', { name: group.name })} onClose={onClose}>
      <p class="quiet">{text('group.supervisors-lead')}</p>
      <Form
        submit={text('part.save')}
        busy={action.busy}
        problem={action.problem}
        onSubmit={() => void submit()}
        onCancel={onClose}
      >
        <Loaded of={people} lines={3}>
          {(rows) => {
            const able = rows.filter(({ roles }) => roles.includes('supervisor'));
            if (able.length === 0) return <p>{text('group.no-supervisors')}</p>;
            return (
              <div class="check-list">
                {able.map(({ id, name }) => (
                  <CheckField
                    key={id}
                    label={name}
                    checked={chosen.includes(id)}
                    onCheck={(on) =>
                      setChosen(on ? [...chosen, id] : chosen.filter((other) => other !== id))
                    }
                  />
                ))}
              </div>
            );
          }}
        </Loaded>
      </Form>
    </Dialog>
  );
}
