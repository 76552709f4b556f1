import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { listGroups } from '../../client/group.ts';
import { defaultSettings } from '../../core/session.ts';
import { may, me } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { weekdayText } from '../message/when.ts';
import { wallDate } from '../message/zone-time.ts';
import { Button } from '../part/button.tsx';
import { EmptyState } from '../part/empty-state.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Page, Section } from '../part/page.tsx';
import { Skeleton } from '../part/skeleton.tsx';
import { PlanSession } from '../session/plan-session.tsx';
import { AddGroup } from './add-group.tsx';
import { loadAgenda } from './agenda.ts';
import { AgendaList } from './agenda-list.tsx';
import { GroupList } from './group-list.tsx';
import './start.css';
import { TakeAttendance } from './take-attendance.tsx';

/** For whoever sees sessions; an attendee's start is their own attendance. */
export function StartPage() {
  const { route } = useLocation();
  const isAttendee = !may('session.read');
  useEffect(() => {
    if (isAttendee) route('/app/me', true);
  }, [isAttendee, route]);
  return isAttendee ? <Skeleton /> : <HostStart />;
}

/** What a host needs in the first thirty seconds: one large button, what runs, the groups. */
function HostStart() {
  const today = wallDate(Date.now(), me.value?.zone);
  const groups = useLoaded(() => listGroups(send), 'groups');
  const agenda = useLoaded(() => loadAgenda(send, today), today);
  const [dialog, setDialog] = useState<'plan' | 'add' | null>(null);
  const active = (groups.value ?? []).filter(({ archived }) => !archived);
  const running = agenda.value?.running ?? [];
  return (
    <Page title={text('start.title')} lead={weekdayText(Date.now())}>
      {running.length > 0 && (
        <Section title={text('start.running')}>
          <AgendaList lines={running} />
        </Section>
      )}
      {may('session.create') && <TakeAttendance groups={active} />}
      <Section
        title={text('start.today')}
        actions={
          may('session.create') && (
            <Button onClick={() => setDialog('plan')}>{text('start.plan')}</Button>
          )
        }
      >
        <Loaded of={agenda} lines={2}>
          {({ others }) =>
            others.length > 0 ? (
              <AgendaList lines={others} />
            ) : (
              <EmptyState
                title={text('start.nothing-today')}
                {...(may('session.create') ? { lead: text('start.nothing-today-lead') } : {})}
              />
            )
          }
        </Loaded>
      </Section>
      <Section
        title={text('start.groups')}
        actions={
          may('group.create') && (
            <Button onClick={() => setDialog('add')}>{text('start.add-group')}</Button>
          )
        }
      >
        <Loaded of={groups} lines={3}>
          {(rows) => <GroupList rows={rows} onAdd={() => setDialog('add')} />}
        </Loaded>
      </Section>
      {dialog === 'plan' && (
        <PlanSession
          groups={active}
          lateAfterMinutes={defaultSettings.lateAfterMinutes}
          onPlanned={() => void agenda.reload()}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === 'add' && <AddGroup onClose={() => setDialog(null)} />}
    </Page>
  );
}
