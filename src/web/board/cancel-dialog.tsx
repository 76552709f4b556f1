import { useState } from 'preact/hooks';
import { cancelSession } from '../../client/session.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { Button } from '../part/button.tsx';
import { Dialog } from '../part/dialog.tsx';
import { TextField } from '../part/field.tsx';
import { useBoard, useDeed } from './board-context.ts';

/** Asks why a session is cancelled, says what follows, and cancels it. */
export function CancelDialog({ onClose }: { onClose: () => void }) {
  const { id } = useBoard();
  const [reason, setReason] = useState('');
  const deed = useDeed();
  const submit = async (event: Event) => {
    event.preventDefault();
    const done = await deed(cancelSession(send, id, reason.trim()), text('board.cancelled-said'));
    if (done) onClose();
  };
  return (
    <Dialog title={text('board.cancel')} onClose={onClose}>
      <form class="form stack" onSubmit={(event) => void submit(event)}>
        <p>{text('board.cancel-lead')}</p>
        <TextField
          label={text('board.cancel-why')}
          value={reason}
          onText={setReason}
          maxLength={500}
        />
        <div class="form-foot">
          <Button type="submit" kind="danger">
            {text('board.cancel-do')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
