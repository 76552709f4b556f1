import { useState } from 'preact/hooks';
import { clearSecondSteps } from '../../client/sign-in.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { Button } from '../part/button.tsx';
import { Section } from '../part/page.tsx';
import { ProblemNote } from '../part/problem-note.tsx';
import { showToast } from '../part/toast.tsx';
import { AssignPasswordDialog } from './assign-password.tsx';

/** What an administrator can do about somebody else's way in. */
export function PersonAccess(props: { person: { readonly id: string; readonly name: string } }) {
  const { person } = props;
  const [assigning, setAssigning] = useState(false);
  const clear = useAction(() => clearSecondSteps(send, person.id));
  const takeAway = async () => {
    if ((await clear.run(undefined)) !== undefined) showToast(text('assign.cleared'));
  };
  const isMissing = clear.problem?.code === 'not-found';
  return (
    <Section title={text('assign.section')}>
      <div class="line">
        <Button onClick={() => setAssigning(true)}>{text('assign.open')}</Button>
        <Button kind="quiet" busy={clear.busy} onClick={() => void takeAway()}>
          {text('assign.clear')}
        </Button>
      </div>
      {isMissing && <p role="status">{text('assign.nothing')}</p>}
      {clear.problem && !isMissing && <ProblemNote problem={clear.problem} />}
      {assigning && <AssignPasswordDialog person={person} onClose={() => setAssigning(false)} />}
    </Section>
  );
}
