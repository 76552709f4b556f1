import { text } from '../message/text.ts';
import { Button } from '../part/button.tsx';
import { Dialog } from '../part/dialog.tsx';
import './recovery-codes.css';

/** Ten recovery codes, shown once. */
export function RecoveryCodeList(props: { codes: readonly string[]; onClose: () => void }) {
  return (
    <Dialog
      title={text('step.codes')}
      onClose={props.onClose}
      actions={
        <>
          <Button onClick={() => print()}>{text('part.print')}</Button>
          <Button kind="primary" onClick={props.onClose}>
            {text('step.codes-kept')}
          </Button>
        </>
      }
    >
      <p>{text('step.codes-lead')}</p>
      <ol class="recovery-codes">
        {props.codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
