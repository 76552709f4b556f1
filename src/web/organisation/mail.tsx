import { listMail, loadMailSettings, sendTestMail } from '../../client/mail.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { Button } from '../part/button.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Page, Section } from '../part/page.tsx';
import { ProblemNote } from '../part/problem-note.tsx';
import { showToast } from '../part/toast.tsx';
import { Outbox } from './mail-outbox.tsx';
import { MailServerForm } from './mail-server.tsx';

/** The mail server, and what became of every mail. */
export function MailPage() {
  const settings = useLoaded(() => loadMailSettings(send), 'mail settings');
  const outbox = useLoaded(() => listMail(send), 'mail');
  const test = useAction(() => sendTestMail(send));
  const tryIt = async () => {
    if ((await test.run(undefined)) === undefined) return;
    showToast(text('mail.test-queued'));
    await outbox.reload();
  };
  return (
    <Page
      title={text('mail.title')}
      lead={text('mail.lead')}
      up={{ href: '/app/settings', label: text('settings.title') }}
    >
      <Section title={text('mail.server')}>
        <div class="reading">
          <Loaded of={settings}>
            {(view) => (
              <MailServerForm
                view={view}
                onSaved={async () => {
                  await settings.reload();
                  await outbox.reload();
                }}
              />
            )}
          </Loaded>
        </div>
      </Section>
      <Section
        title={text('mail.outbox')}
        actions={
          <Button busy={test.busy} onClick={() => void tryIt()}>
            {text('mail.test')}
          </Button>
        }
      >
        {test.problem && <ProblemNote problem={test.problem} />}
        <Loaded of={outbox}>{(rows) => <Outbox rows={rows} onChange={outbox.reload} />}</Loaded>
      </Section>
    </Page>
  );
}
