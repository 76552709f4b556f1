import { changeSecondStepSetting, loadSecondStepSetting } from '../../client/sign-in.ts';
import { refreshMe } from '../app/me.ts';
import { send } from '../app/send.ts';
import { problemText, text } from '../message/text.ts';
import { CheckField } from '../part/field.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Section } from '../part/page.tsx';
import { showToast } from '../part/toast.tsx';

/** Whether administrators need more than a password. */
export function SecondStepSettings() {
  const setting = useLoaded(() => loadSecondStepSetting(send), 'second-step-setting');
  const change = async (admins: boolean) => {
    const answer = await changeSecondStepSetting(send, { admins });
    if (!answer.ok) showToast(problemText(answer.problem));
    await setting.reload();
    await refreshMe();
  };
  return (
    <Section title={text('step.title')}>
      <Loaded of={setting} lines={1}>
        {({ admins }) => (
          <CheckField
            label={text('second-step.setting')}
            hint={text('second-step.setting-hint')}
            checked={admins}
            onCheck={(on) => void change(on)}
          />
        )}
      </Loaded>
    </Section>
  );
}
