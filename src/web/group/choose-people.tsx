import { useState } from 'preact/hooks';
import { listHosts } from '../../client/account.ts';
import type { Answer } from '../../client/request.ts';
import type { Host } from '../../core/account.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { Dialog } from '../part/dialog.tsx';
import { CheckField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';

export interface ChoosePeopleProps {
  readonly title: string;
  readonly lead: string;
  /** Said where nobody can be chosen. */
  readonly none?: string;
  /** Ids of those who are chosen now. */
  readonly before: readonly string[];
  readonly mayBe: (person: Host) => boolean;
  readonly save: (people: string[]) => Promise<Answer<unknown>>;
  readonly onChange: () => Promise<void>;
  readonly onClose: () => void;
}

/** Chooses among those who have accounts who does something for a group. */
export function ChoosePeople(props: ChoosePeopleProps) {
  const { title, lead, none, before, mayBe, save, onChange, onClose } = props;
  const [chosen, setChosen] = useState([...before]);
  const people = useLoaded(() => listHosts(send), 'hosts');
  const action = useAction(() => save(chosen));
  const submit = async () => {
    if ((await action.run(undefined)) === undefined) return;
    onClose();
    await onChange();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p class="quiet">{lead}</p>
      <Form
        submit={text('part.save')}
        busy={action.busy}
        problem={action.problem}
        onSubmit={() => void submit()}
        onCancel={onClose}
      >
        <Loaded of={people} lines={3}>
          {(rows) => {
            const able = rows.filter(mayBe);
            if (able.length === 0 && none) return <p>{none}</p>;
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
