import { useEffect, useRef, useState } from 'preact/hooks';
import type { BoardPerson } from '../../core/session.wire.ts';
import { statuses } from '../../core/status.ts';
import { may } from '../app/me.ts';
import { text } from '../message/text.ts';
import { Button } from '../part/button.tsx';
import { Dialog } from '../part/dialog.tsx';
import { Field } from '../part/field.tsx';
import { StatusMark } from '../part/status-mark.tsx';
import { useBoard, useBoardState } from './board-context.ts';
import { clockText } from './clock-text.ts';
import { Conflict } from './conflicts.tsx';
import { HistoryList } from './history-list.tsx';
import { MergeGuest } from './merge-guest.tsx';
import { markOf, statusText } from './name-row.tsx';
import './person-dialog.css';

/** Everything about one person in this session: mark, note, claims, what happened. */
export function PersonDialog(props: { id: string; at?: 'note' | undefined; onClose: () => void }) {
  const { desk } = useBoard();
  const person = desk.people.value.get(props.id);
  const gone = person === undefined;
  const { onClose } = props;
  useEffect(() => {
    if (gone) onClose();
  }, [gone, onClose]);
  if (!person) return null;
  return (
    <Dialog title={person.name || person.number} onClose={onClose}>
      <Standing person={person} />
      {person.record.pending && <Conflict person={person} />}
      {may('session.mark') && (
        <>
          <MarkButtons person={person} onDone={onClose} />
          <NoteForm person={person} focus={props.at === 'note'} onDone={onClose} />
        </>
      )}
      {person.guest && may('session.run') && <MergeGuest guest={person} onDone={onClose} />}
      <HistoryList person={person} />
    </Dialog>
  );
}

function Standing({ person }: { person: BoardPerson }) {
  const { session } = useBoardState();
  const { record } = person;
  return (
    <p class="person-standing">
      <bdi class="quiet">{person.number}</bdi>
      {person.guest && <span>{text('board.guest')}</span>}
      <StatusMark mark={markOf(person)} label={statusText(person)} />
      {record.at !== null && (
        <span class="quiet">
          {clockText(record.at, session.zone)}
          {record.how && ` · ${text(`board.how-${record.how}`)}`}
        </span>
      )}
    </p>
  );
}

function MarkButtons({ person, onDone }: { person: BoardPerson; onDone: () => void }) {
  const { desk } = useBoard();
  const { record } = person;
  const act = (status: (typeof statuses)[number] | null) => {
    desk.mark([person.id], status);
    onDone();
  };
  return (
    <div class="person-marks">
      {statuses.map((status) => (
        <Button
          key={status}
          aria-pressed={record.status === status && !record.pending}
          onClick={() => act(status)}
        >
          <StatusMark mark={status} />
        </Button>
      ))}
      {record.status !== null && (
        <Button kind="quiet" size="small" onClick={() => act(null)}>
          {text('board.clear-mark')}
        </Button>
      )}
    </div>
  );
}

function NoteForm(props: { person: BoardPerson; focus: boolean; onDone: () => void }) {
  const { person, focus, onDone } = props;
  const { desk } = useBoard();
  const [note, setNote] = useState(person.note ?? '');
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // after the dialog itself has taken the focus
    if (focus) requestAnimationFrame(() => area.current?.focus());
  }, [focus]);
  const save = () => {
    desk.note(person.id, note.trim());
    onDone();
  };
  return (
    <form
      class="stack tight"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Field label={text('board.note')} hint={text('board.note-hint')}>
        {(ids) => (
          <textarea
            {...ids}
            ref={area}
            class="input"
            rows={2}
            maxLength={500}
            value={note}
            onInput={(event) => setNote(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.shiftKey) return;
              event.preventDefault();
              save();
            }}
          />
        )}
      </Field>
      {note.trim() !== (person.note ?? '') && (
        <div class="form-foot">
          <Button type="submit" kind="primary">
            {text('board.save-note')}
          </Button>
        </div>
      )}
    </form>
  );
}
