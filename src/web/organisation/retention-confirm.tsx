import { useState } from 'preact/hooks';
import type { Problem } from '../../client/request.ts';
import type { RetentionDue } from '../../core/retention.wire.ts';
import { text } from '../message/text.ts';
import { dayText } from '../message/when.ts';
import { Dialog } from '../part/dialog.tsx';
import { CheckField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import '../part/list.css';

/** `12`, or `more than 20,000`. */
export const countText = ({ count, more }: RetentionDue): string =>
  more ? text('retention.more', { count }) : String(count);

/** Cannot be undone: what goes is shown, and the button takes nothing until that was read. */
export function ConfirmDialog(props: {
  title: string;
  lead?: string;
  /** Said where nothing is old enough at this moment. */
  none: string;
  due: readonly RetentionDue[];
  submit: string;
  busy: boolean;
  problem: Problem | null;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}) {
  const { title, lead, none, submit, busy, problem, onConfirm, onClose } = props;
  const [read, setRead] = useState(false);
  const due = props.due.filter(({ count }) => count > 0);
  return (
    <Dialog title={title} onClose={onClose}>
      <Form
        kind="danger"
        submit={submit}
        ready={read}
        busy={busy}
        problem={problem}
        onSubmit={() => void onConfirm()}
        onCancel={onClose}
      >
        {due.length === 0 ? (
          <p>{none}</p>
        ) : (
          <>
            {lead && <p>{lead}</p>}
            <ul class="plain-list">
              {due.map((one) => (
                <li key={one.kind}>
                  {text(`retention.kind-${one.kind}`)}: <strong>{countText(one)}</strong>
                  {one.oldestAt !== null && (
                    <span class="quiet small">
                      {' '}
                      · {text('retention.oldest')} {dayText(one.oldestAt)}
                    </span>
                  )}
                </li>
              ))}
            </ul>
          </>
        )}
        <p>{text('retention.cannot-be-undone')}</p>
        <CheckField label={text('retention.confirm')} checked={read} onCheck={setRead} />
      </Form>
    </Dialog>
  );
}
