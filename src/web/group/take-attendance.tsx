import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { openSession } from '../../client/session.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { Button } from '../part/button.tsx';
import { ProblemNote } from '../part/problem-note.tsx';
import { lastGroup, rememberGroup } from './last-group.ts';

/** The main job in one press: opens a session and goes to its board. */
export function TakeAttendance(props: {
  groups: readonly { readonly id: string; readonly name: string }[];
  /** On a group's own page there is nothing to choose. */
  fixed?: boolean;
}) {
  const { route } = useLocation();
  const [picked, setPicked] = useState(lastGroup);
  const only = props.fixed ? props.groups[0]?.id : undefined;
  const group = only ?? (props.groups.some(({ id }) => id === picked) ? picked : '');
  const action = useAction(() => openSession(send, group ? { group } : {}));
  const start = async () => {
    const made = await action.run(undefined);
    if (!made) return;
    rememberGroup(group);
    route(`/app/sessions/${made.id}`);
  };
  return (
    <section class="take">
      <Button kind="primary" size="large" busy={action.busy} onClick={() => void start()}>
        {text('start.now')}
      </Button>
      {!props.fixed && (
        <div class="take-for">
          <label for="take-for">{text('start.for')}</label>
          <select
            id="take-for"
            class="input"
            value={group}
            onChange={(event) => setPicked(event.currentTarget.value)}
          >
            <option value="">{text('start.for-anyone')}</option>
            {props.groups.map(({ id, name }) => (
              <option key={id} value={id} selected={id === group}>
                {name}
              </option>
            ))}
          </select>
          <p class="quiet small">{text(group ? 'start.group-hint' : 'start.anyone-hint')}</p>
        </div>
      )}
      {action.problem && <ProblemNote problem={action.problem} />}
    </section>
  );
}
