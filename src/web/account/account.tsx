import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import {
  changePassword,
  listSignIns,
  loadSetup,
  revokeSignIn,
  signOutEverywhere,
} from '../../client/account.ts';
import type { SignIn } from '../../core/account.wire.ts';
import type { Must } from '../../core/sign-in.wire.ts';
import { me, refreshMe, setMe } from '../app/me.ts';
import { send } from '../app/send.ts';
import { problemText, text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { useAction } from '../part/action.ts';
import { Button } from '../part/button.tsx';
import { Form } from '../part/form.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Page, Section } from '../part/page.tsx';
import { PasswordField } from '../part/password-field.tsx';
import { type Column, Table } from '../part/table.tsx';
import { showToast } from '../part/toast.tsx';
import { SecondStepSection } from './second-step.tsx';
import { SignInHistory } from './sign-in-history.tsx';

/** One's own password, second steps and sign-ins; only what has to be done first, where something has. */
export function AccountPage() {
  const must = me.value?.must ?? null;
  return must === null ? <WholeAccount /> : <FirstThing must={must} />;
}

/** Somebody who came in with an assigned password, or who needs a second step and has none. */
function FirstThing({ must }: { must: Must }) {
  return (
    <Page title={text(`must.${must}-title`)} lead={text(`must.${must}-lead`)}>
      {must === 'password' ? <PasswordForm given /> : <SecondStepSection />}
    </Page>
  );
}

function WholeAccount() {
  const { route } = useLocation();
  const leaveAll = async () => {
    const answer = await signOutEverywhere(send);
    if (!answer.ok) return showToast(problemText(answer.problem));
    setMe(null);
    route('/app/sign-in');
  };
  return (
    <Page title={text('account.title')} lead={me.value?.email ?? me.value?.name}>
      <Section
        title={text('account.sign-ins')}
        actions={<Button onClick={() => void leaveAll()}>{text('account.revoke-all')}</Button>}
      >
        <SignIns />
      </Section>
      <Section title={text('account.change-password')}>
        <PasswordForm />
      </Section>
      <SecondStepSection />
      <SignInHistory />
    </Page>
  );
}

function SignIns() {
  const signIns = useLoaded(() => listSignIns(send), 'sign-ins');
  const revoke = async (signIn: SignIn) => {
    const answer = await revokeSignIn(send, signIn.id);
    showToast(answer.ok ? text('account.revoked') : problemText(answer.problem));
    await signIns.reload();
  };
  const columns: readonly Column<SignIn>[] = [
    {
      id: 'device',
      label: text('account.device'),
      role: 'row',
      cell: nameDevice,
      show: (row) =>
        row.current ? `${nameDevice(row)} (${text('account.this-one')})` : nameDevice(row),
    },
    { id: 'address', label: text('account.address'), role: 'away', cell: (row) => row.address },
    {
      id: 'since',
      label: text('account.since'),
      role: 'away',
      cell: (row) => row.since,
      show: (row) => momentText(row.since),
    },
    {
      id: 'seen',
      label: text('account.seen'),
      wrap: true,
      cell: (row) => row.seen,
      show: (row) => momentText(row.seen),
    },
  ];
  return (
    <Loaded of={signIns} lines={2}>
      {(rows) => (
        <Table
          id="sign-ins"
          caption={text('account.sign-ins')}
          columns={columns}
          rows={rows}
          keyOf={(row) => row.id}
          actions={(row) =>
            !row.current && (
              <Button kind="quiet" size="small" onClick={() => void revoke(row)}>
                {text('account.revoke')}
              </Button>
            )
          }
        />
      )}
    </Loaded>
  );
}

const nameDevice = ({ device }: SignIn): string => device || text('past.no-device');

function PasswordForm({ given = false }: { given?: boolean }) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const setup = useLoaded(() => loadSetup(send), 'setup');
  const action = useAction(() => changePassword(send, current, next));
  const submit = async () => {
    if ((await action.run(undefined)) === undefined) return;
    setCurrent('');
    setNext('');
    showToast(text('account.password-changed'));
    if (given) await refreshMe();
  };
  return (
    <div class="reading">
      <Form
        submit={text('account.change-password')}
        busy={action.busy}
        problem={action.problem}
        onSubmit={() => void submit()}
      >
        <PasswordField
          label={text(given ? 'must.password-given' : 'account.current-password')}
          value={current}
          field="current"
          onText={setCurrent}
        />
        <PasswordField
          label={text('account.new-password')}
          value={next}
          minLength={setup.value?.passwordMinLength ?? 12}
          field="password"
          onText={setNext}
        />
      </Form>
    </div>
  );
}
