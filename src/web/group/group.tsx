import { useState } from 'preact/hooks';
import { changeGroup, loadGroup } from '../../client/group.ts';
import type { GroupView } from '../../core/group.wire.ts';
import { may } from '../app/me.ts';
import { send } from '../app/send.ts';
import { problemText, text } from '../message/text.ts';
import { Button, ButtonLink } from '../part/button.tsx';
import { useLoaded } from '../part/loaded.tsx';
import { Page, Section } from '../part/page.tsx';
import { Notice, ProblemNote } from '../part/problem-note.tsx';
import { Skeleton } from '../part/skeleton.tsx';
import { showToast } from '../part/toast.tsx';
import { PlanSession } from '../session/plan-session.tsx';
import { GroupSessions } from './group-sessions.tsx';
import { GroupSettingsDialog } from './group-settings.tsx';
import { HostsDialog } from './hosts.tsx';
import { RosterTable } from './roster-table.tsx';
import './start.css';
import { SupervisorsDialog } from './supervisors.tsx';
import { TakeAttendance } from './take-attendance.tsx';

/** A class or a team: its people with their rates, its hosts, its sessions. */
export function GroupPage({ id }: { id: string }) {
  const { value, problem, reload } = useLoaded(() => loadGroup(send, id), id);
  const [planned, setPlanned] = useState(0);
  if (!value) {
    if (!problem) return <Skeleton />;
    return (
      <Page title={text('start.groups')} up={{ href: '/app/', label: text('shell.start') }}>
        <ProblemNote problem={problem} onRetry={() => void reload()} />
      </Page>
    );
  }
  return (
    <Page
      title={value.name}
      lead={<HostsLine group={value} onChange={reload} />}
      up={{ href: '/app/', label: text('shell.start') }}
      actions={
        <Actions group={value} onChange={reload} onPlanned={() => setPlanned(planned + 1)} />
      }
    >
      {problem && <ProblemNote problem={problem} onRetry={() => void reload()} />}
      {value.archived ? (
        <PutAway group={value} onChange={reload} />
      ) : (
        may('session.create') && <TakeAttendance groups={[value]} fixed />
      )}
      <RosterTable group={value} onChange={reload} />
      <Section
        title={text('group.sessions')}
        actions={<a href={`/app/sessions?group=${id}`}>{text('group.all-sessions')}</a>}
      >
        <GroupSessions group={id} turn={planned} />
      </Section>
    </Page>
  );
}

interface PartProps {
  readonly group: GroupView;
  readonly onChange: () => Promise<void>;
}

function HostsLine({ group, onChange }: PartProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      {text('group.hosted-by', { names: group.hosts.map(({ name }) => name).join(', ') })}{' '}
      {may('group.change') && (
        <Button kind="quiet" size="small" class="screen-only" onClick={() => setOpen(true)}>
          {text('group.change-hosts')}
        </Button>
      )}
      {open && <HostsDialog group={group} onChange={onChange} onClose={() => setOpen(false)} />}
      <SupervisorsLine group={group} onChange={onChange} />
    </>
  );
}

/** Whom administrators name; others read it where there is somebody. */
function SupervisorsLine({ group, onChange }: PartProps) {
  const [open, setOpen] = useState(false);
  const names = group.supervisors.map(({ name }) => name).join(', ');
  const mayChange = may('supervisor.change');
  if (!names && !mayChange) return null;
  return (
    <>
      <br />
      {names ? text('group.supervised-by', { names }) : text('group.not-supervised')}{' '}
      {mayChange && (
        <Button
          kind="quiet"
          size="small"
          class="screen-only"
          aria-label={text('group.supervisors-title', { name: group.name })}
          onClick={() => setOpen(true)}
        >
          {text('group.change-hosts')}
        </Button>
      )}
      {open && (
        <SupervisorsDialog group={group} onChange={onChange} onClose={() => setOpen(false)} />
      )}
    </>
  );
}

function Actions({ group, onChange, onPlanned }: PartProps & { onPlanned: () => void }) {
  const [open, setOpen] = useState<'plan' | 'settings' | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      {!group.archived && may('session.create') && (
        <Button onClick={() => setOpen('plan')}>{text('start.plan')}</Button>
      )}
      <ButtonLink href={`/app/groups/${group.id}/register`}>{text('group.register')}</ButtonLink>
      {may('group.change') && (
        <Button onClick={() => setOpen('settings')}>{text('group.settings')}</Button>
      )}
      {open === 'plan' && (
        <PlanSession
          groups={[group]}
          fixed
          lateAfterMinutes={group.settings.lateAfterMinutes}
          onPlanned={onPlanned}
          onClose={close}
        />
      )}
      {open === 'settings' && (
        <GroupSettingsDialog group={group} onChange={onChange} onClose={close} />
      )}
    </>
  );
}

function PutAway({ group, onChange }: PartProps) {
  const back = async () => {
    const answer = await changeGroup(send, group.id, { archived: false });
    if (!answer.ok) showToast(problemText(answer.problem));
    await onChange();
  };
  return (
    <Notice>
      <div class="line">
        <span>{text('group.is-archived')}</span>
        {may('group.change') && (
          <Button size="small" onClick={() => void back()}>
            {text('group.unarchive')}
          </Button>
        )}
      </div>
    </Notice>
  );
}
