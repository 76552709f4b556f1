import { useState } from 'preact/hooks';
import { changeSession } from '../../client/session.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { instantOf, wallTime } from '../message/zone-time.ts';
import { Button } from '../part/button.tsx';
import { Dialog } from '../part/dialog.tsx';
import { CheckField, TextField } from '../part/field.tsx';
import { useBoard, useBoardState, useDeed } from './board-context.ts';

/** What a host may change about one session: title, lateness, code step, end. */
export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const { id } = useBoard();
  const { session } = useBoardState();
  const { settings, zone } = session;
  const [title, setTitle] = useState(session.title);
  const [late, setLate] = useState(String(settings.lateAfterMinutes));
  const [grace, setGrace] = useState(String(settings.closeGraceMinutes));
  const [step, setStep] = useState(String(settings.stepMs / 1_000));
  const [typed, setTyped] = useState(settings.typedCode);
  const [end, setEnd] = useState(session.endsAt === null ? '' : wallTime(session.endsAt, zone));
  const deed = useDeed();
  const submit = async (event: Event) => {
    event.preventDefault();
    const change = {
      ...(title.trim() === '' ? {} : { title: title.trim() }),
      endsAt: end === '' ? null : instantOf(end, zone),
      settings: {
        lateAfterMinutes: Number(late),
        closeGraceMinutes: Number(grace),
        stepMs: Math.round(Number(step) * 1_000),
        typedCode: typed,
      },
    };
    const done = await deed(
      changeSession(send, id, change).then((answer) =>
        answer.ok ? { ok: true, value: true } : answer,
      ),
      text('part.saved'),
    );
    if (done) onClose();
  };
  return (
    <Dialog title={text('board.settings')} onClose={onClose}>
      <form class="form stack" onSubmit={(event) => void submit(event)}>
        <TextField
          label={text('board.set-title')}
          optional
          value={title}
          onText={setTitle}
          maxLength={120}
        />
        <div class="fields">
          <TextField
            label={text('board.set-late')}
            hint={text('board.set-late-hint')}
            type="number"
            min={0}
            max={600}
            value={late}
            onText={setLate}
          />
          <TextField
            label={text('board.set-step')}
            hint={text('board.set-step-hint')}
            type="number"
            min={1}
            max={60}
            value={step}
            onText={setStep}
          />
          <TextField
            label={text('board.set-end')}
            hint={text('board.set-end-hint')}
            type="datetime-local"
            optional
            value={end}
            onText={setEnd}
          />
          <TextField
            label={text('board.set-grace')}
            type="number"
            min={0}
            max={600}
            value={grace}
            onText={setGrace}
          />
        </div>
        <CheckField
          label={text('board.set-typed')}
          hint={text('board.set-typed-hint')}
          checked={typed}
          onCheck={setTyped}
        />
        <div class="form-foot">
          <Button type="submit" kind="primary">
            {text('part.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
