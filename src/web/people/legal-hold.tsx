import { useState } from 'preact/hooks';
import { changeHold, listHolds } from '../../client/legal-hold.ts';
import type { LegalHold } from '../../core/legal-hold.wire.ts';
import { may } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { useAction } from '../part/action.ts';
import { Button } from '../part/button.tsx';
import { Dialog } from '../part/dialog.tsx';
import { TextField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Section } from '../part/page.tsx';
import { showToast } from '../part/toast.tsx';

interface Held {
  readonly id: string;
  readonly name: string;
}

/** Whether the person's data are held, by whom and why; placing a hold and lifting it. */
export function LegalHoldSection(props: { person: Held; onChange: () => Promise<void> }) {
  const { person, onChange } = props;
  const [open, setOpen] = useState(false);
  const holds = useLoaded(() => listHolds(send, person.id), `hold ${person.id}`);
  const changed = async () => {
    setOpen(false);
    await Promise.all([holds.reload(), onChange()]);
  };
  return (
    <Section title={text('hold.section')}>
      <Loaded of={holds} lines={1}>
        {({ holds: [hold] }) => (
          <>
            <p role="status">{hold ? describeHold(hold) : text('hold.none')}</p>
            {may('legal-hold.change') && (
              <div class="line">
                <Button onClick={() => setOpen(true)}>
                  {text(hold ? 'hold.lift' : 'hold.place')}
                </Button>
              </div>
            )}
            {open && (
              <HoldDialog
                person={person}
                hold={hold ?? null}
                onDone={() => void changed()}
                onClose={() => setOpen(false)}
              />
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}

export const placedBy = ({ placedBy: { id, name } }: LegalHold): string =>
  id === 'operator' ? text('erasures.operator') : (name ?? text('hold.unknown'));

const describeHold = (hold: LegalHold): string =>
  text('hold.standing', {
    when: momentText(hold.placedAt),
    by: placedBy(hold),
    reason: hold.reason,
  });

/** Places a hold, or lifts the one that stands; either takes a reason. */
function HoldDialog(props: {
  person: Held;
  hold: LegalHold | null;
  onDone: () => void;
  onClose: () => void;
}) {
  const { person, hold, onDone, onClose } = props;
  const { name } = person;
  const [reason, setReason] = useState('');
  const verb = hold ? 'lift' : 'place';
  const action = useAction(() => changeHold(send, person.id, verb, reason));
  const submit = async () => {
    if ((await action.run(undefined)) === undefined) return;
    showToast(text(hold ? 'hold.lifted' : 'hold.placed', { name }));
    onDone();
  };
  const lead = hold
    ? text('hold.lift-lead', { name, when: momentText(hold.placedAt), reason: hold.reason })
    : text('hold.place-lead', { name });
  return (
    <Dialog title={text(`hold.${verb}-title`, { name })} onClose={onClose}>
      <Form
        submit={text(`hold.${verb}`)}
        busy={action.busy}
        problem={action.problem}
        onSubmit={() => void submit()}
        onCancel={onClose}
      >
        <p>{lead}</p>
        <TextField
          label={text('hold.reason')}
          field="reason"
          hint={text('hold.reason-hint')}
          value={reason}
          maxLength={500}
          autofocus
          autocomplete="off"
          onText={setReason}
        />
      </Form>
    </Dialog>
  );
}
