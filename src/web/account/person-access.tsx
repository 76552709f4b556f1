import { useState } from 'preact/hooks';
import { clearSecondSteps } from '../../client/sign-in.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { Button } from '../part/button.tsx';
import { Dialog } from '../part/dialog.tsx';
import { Form } from '../part/form.tsx';
import { Section } from '../part/page.tsx';
import { ProblemNote } from '../part/problem-note.tsx';
import { showToast } from '../part/toast.tsx';
import { AssignPasswordDialog } from './assign-password.tsx';

/** What an administrator can do about somebody else's way in. */
export function PersonAccess(props: { person: { readonly id: string; readonly name: string } }) {
  const { person } = props;
  const [open, setOpen] = useState<'assign' | 'clear' | null>(null);
  const close = () => setOpen(null);
  const clear = useAction(() => clearSecondSteps(send, person.id));
  const takeAway = async () => {
    if ((await clear.run(undefined)) !== undefined) showToast(text('assign.cleared'));
    close();
  };
  const isMissing = clear.problem?.code === 'not-found';
  return (
    <Section title={text('assign.section')}>
      <div class="line">
        <Button onClick={() => setOpen('assign')}>{text('assign.open')}</Button>
        <Button kind="quiet" onClick={() => setOpen('clear')}>
          {text('assign.clear')}
        </Button>
      </div>
      {isMissing && <p role="status">{text('assign.nothing')}</p>}
      {clear.problem && !isMissing && <ProblemNote problem={clear.problem} />}
      {open === 'assign' && <AssignPasswordDialog person={person} onClose={close} />}
      {open === 'clear' && (
        <Dialog title={text('assign.clear')} onClose={close}>
          <Form
            submit={text('assign.clear-submit')}
            busy={clear.busy}
            problem={null}
            onSubmit={() => void takeAway()}
            onCancel={close}
          >
            <p>{text('assign.clear-lead', { name: person.name })}</p>
          </Form>
        </Dialog>
      )}
    </Section>
  );
}
