import { loadSecondSteps } from '../../client/sign-in.ts';
import { refreshMe } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Section } from '../part/page.tsx';
import { PasskeyPart } from './passkeys.tsx';
import { TotpPart } from './totp.tsx';

/** Passkeys and authenticator of one's own account. */
export function SecondStepSection() {
  const steps = useLoaded(() => loadSecondSteps(send), 'second-step');
  const changed = async () => {
    await steps.reload();
    await refreshMe();
  };
  return (
    <Section title={text('step.title')}>
      <Loaded of={steps} lines={4}>
        {(value) => (
          <>
            {value.totpSince === null && value.passkeys.length === 0 && <p>{text('step.none')}</p>}
            <PasskeyPart steps={value} onChange={() => void changed()} />
            <TotpPart steps={value} onChange={() => void changed()} />
          </>
        )}
      </Loaded>
    </Section>
  );
}
