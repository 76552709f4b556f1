import { useState } from 'preact/hooks';
import { beginTotp, confirmTotp, removeTotp, renewRecoveryCodes } from '../../client/sign-in.ts';
import type { SecondSteps, TotpOffer } from '../../core/sign-in.wire.ts';
import { send } from '../app/send.ts';
import { QrCode } from '../board/qr-code.tsx';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { useAction } from '../part/action.ts';
import { Button } from '../part/button.tsx';
import { CopyText } from '../part/copy-text.tsx';
import { Dialog } from '../part/dialog.tsx';
import { TextField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { showToast } from '../part/toast.tsx';
import { PasswordAgain } from './again.tsx';
import { RecoveryCodeList } from './recovery-codes.tsx';
import './totp.css';

type Doing =
  | { what: 'begin' | 'remove' | 'renew' }
  | { what: 'scan'; offer: TotpOffer }
  | { what: 'codes'; codes: readonly string[] };

/** The authenticator of the signed-in person. */
export function TotpPart(props: { steps: SecondSteps; onChange: () => void }) {
  const { totpSince, recoveryCodesLeft } = props.steps;
  const [doing, setDoing] = useState<Doing | null>(null);
  const leave = () => setDoing(null);
  const finish = () => {
    leave();
    props.onChange();
  };
  const add = text(totpSince === null ? 'step.totp-add' : 'step.totp-replace');
  return (
    <div class="stack">
      <h3>{text('step.totp')}</h3>
      <p class="quiet">
        {totpSince === null
          ? text('step.totp-lead')
          : text('step.totp-since', { when: momentText(totpSince), count: recoveryCodesLeft })}
      </p>
      <div class="line">
        <Button onClick={() => setDoing({ what: 'begin' })}>{add}</Button>
        {totpSince !== null && (
          <>
            <Button onClick={() => setDoing({ what: 'renew' })}>{text('step.codes-renew')}</Button>
            <Button kind="quiet" onClick={() => setDoing({ what: 'remove' })}>
              {text('step.totp-remove')}
            </Button>
          </>
        )}
      </div>
      {doing?.what === 'begin' && (
        <PasswordAgain
          title={add}
          act={(password) => beginTotp(send, password)}
          onDone={(offer) => setDoing({ what: 'scan', offer })}
          onClose={leave}
        />
      )}
      {doing?.what === 'scan' && (
        <ScanDialog
          title={add}
          offer={doing.offer}
          onCodes={(codes) => setDoing({ what: 'codes', codes })}
          onClose={leave}
        />
      )}
      {doing?.what === 'renew' && (
        <PasswordAgain
          title={text('step.codes-renew')}
          act={(password) => renewRecoveryCodes(send, password)}
          onDone={({ codes }) => setDoing({ what: 'codes', codes })}
          onClose={leave}
        />
      )}
      {doing?.what === 'remove' && (
        <PasswordAgain
          title={text('step.totp-remove')}
          act={(password) => removeTotp(send, password)}
          onDone={() => {
            showToast(text('step.totp-removed'));
            finish();
          }}
          onClose={leave}
        />
      )}
      {doing?.what === 'codes' && <RecoveryCodeList codes={doing.codes} onClose={finish} />}
    </div>
  );
}

function ScanDialog(props: {
  title: string;
  offer: TotpOffer;
  onCodes: (codes: readonly string[]) => void;
  onClose: () => void;
}) {
  const { offer } = props;
  const [code, setCode] = useState('');
  const action = useAction(() => confirmTotp(send, offer.offer, code));
  const submit = async () => {
    const confirmed = await action.run(undefined);
    if (confirmed) props.onCodes(confirmed.codes);
    else setCode('');
  };
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <p>{text('step.totp-scan')}</p>
      <div class="totp-qr">
        <QrCode exact url={offer.uri} label={text('step.totp-qr')} />
      </div>
      <p class="small quiet">{text('step.totp-secret')}</p>
      <CopyText label={text('step.totp-secret')} value={offer.secret} />
      <Form
        submit={text('step.totp-confirm')}
        busy={action.busy}
        problem={action.problem}
        onSubmit={() => void submit()}
        onCancel={props.onClose}
      >
        <TextField
          label={text('step.totp-code')}
          field="code"
          value={code}
          autofocus
          autocomplete="one-time-code"
          maxLength={10}
          onText={setCode}
        />
      </Form>
    </Dialog>
  );
}
