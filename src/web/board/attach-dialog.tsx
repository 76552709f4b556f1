import { listGroups } from '../../client/group.ts';
import { attachRoster } from '../../client/session.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { Dialog } from '../part/dialog.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { useBoard, useDeed } from './board-context.ts';
import './choices.css';

/** Gives a quick roll its group: one touch on the group attaches it. */
export function AttachDialog({ onClose }: { onClose: () => void }) {
  const { id } = useBoard();
  const groups = useLoaded(() => listGroups(send), 'groups');
  const deed = useDeed();
  const attach = async (group: string) => {
    const done = await deed(attachRoster(send, id, group), ({ matched, guests }) =>
      text('board.attached', { matched, guests }),
    );
    if (done) onClose();
  };
  return (
    <Dialog title={text('board.attach')} onClose={onClose}>
      <p>{text('board.attach-lead')}</p>
      <Loaded of={groups}>
        {(list) => {
          const open = list.filter(({ archived }) => !archived);
          if (open.length === 0) return <p class="quiet">{text('board.attach-none')}</p>;
          return (
            <ul class="choices">
              {open.map((group) => (
                <li key={group.id}>
                  <button type="button" class="choice" onClick={() => void attach(group.id)}>
                    <span>{group.name}</span>
                    <span class="quiet">
                      {text('board.attach-people', { count: group.people })}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Dialog>
  );
}
