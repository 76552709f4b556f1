import { useState } from 'preact/hooks';
import { listHosts } from '../../client/account.ts';
import { setHosts } from '../../client/group.ts';
import type { GroupView } from '../../core/group.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { Dialog } from '../part/dialog.tsx';
import { CheckField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';

export interface HostsDialogProps {
  readonly group: GroupView;
  readonly onChange: () => Promise<void>;
  readonly onClose: () => void;
}

/** Who takes attendance in a group. */
export function HostsDialog({ group, onChange, onClose }: HostsDialogProps) {
  const [chosen, setChosen] = useState(group.hosts.map(({ id }) => id));
  const hosts = useLoaded(() => listHosts(send), 'hosts');
  const action = useAction(() => setHosts(send, group.id, chosen));
  const submit = async () => {
    if ((await action.run(undefined)) === undefined) return;
    onClose();
    await onChange();
  };
  return (
    <Dialog open title={text('group.hosts-title', { name: group.name })} onClose={onClose}>
      <p class="quiet">{text('group.hosts-lead')}</p>
      <Form
        submit={text('part.save')}
        busy={action.busy}
        problem={action.problem}
        onSubmit={() => void submit()}
        onCancel={onClose}
      >
        <Loaded of={hosts} lines={3}>
          {(rows) => (
            <div class="check-list">
              {rows
                .filter(({ roles }) => roles.includes('host') || roles.includes('admin'))
                .map(({ id, name }) => (
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
          )}
        </Loaded>
      </Form>
    </Dialog>
  );
}
