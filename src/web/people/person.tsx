import { useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import {
  changeInOrganisation,
  deactivatePerson,
  loadAttendance,
  loadOwnFields,
  loadPerson,
  reactivatePerson,
} from '../../client/people.ts';
import type { OwnField, PersonView } from '../../core/people.wire.ts';
import { PersonAccess } from '../account/person-access.tsx';
import { RolesDialog } from '../account/roles-dialog.tsx';
import { may, me } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { Button } from '../part/button.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Page, Section } from '../part/page.tsx';
import { ProblemNote } from '../part/problem-note.tsx';
import { showToast } from '../part/toast.tsx';
import { EraseDialog } from './erase-dialog.tsx';
import { LegalHoldSection } from './legal-hold.tsx';
import { MergeDialog } from './merge-dialog.tsx';
import { Attendance } from './person-attendance.tsx';
import { PersonFacts } from './person-facts.tsx';
import { PersonForm } from './person-form.tsx';
import { PersonGroups } from './person-groups.tsx';
import { History } from './person-history.tsx';
import { SubjectDataLinks } from './subject-data.tsx';

/** One person whole: who it is, groups, attendance, and what was done to the data. */
export function PersonPage() {
  const { params } = useRoute();
  const id = params.id ?? '';
  const person = useLoaded(() => loadPerson(send, id), `person ${id}`);
  const fields = useLoaded(() => loadOwnFields(send), 'own fields');
  return (
    <Loaded of={person} lines={8}>
      {(view) => (
        <Whole person={view} fields={fields.value?.fields ?? []} onChange={person.reload} />
      )}
    </Loaded>
  );
}

interface WholeProps {
  readonly person: PersonView;
  readonly fields: readonly OwnField[];
  readonly onChange: () => Promise<void>;
}

function Whole({ person, fields, onChange }: WholeProps) {
  const { route } = useLocation();
  const [open, setOpen] = useState<'edit' | 'roles' | 'merge' | 'erase' | null>(null);
  const close = () => setOpen(null);
  const isInactive = person.state === 'inactive';
  const stopped = whyNotErased(person);
  const move = useAction((active: boolean) =>
    active ? reactivatePerson(send, person.person) : deactivatePerson(send, person.person),
  );
  const setActive = async (active: boolean): Promise<void> => {
    if ((await move.run(active)) === undefined) return;
    await onChange();
    const { name } = person;
    showToast(text(active ? 'people.reactivated' : 'people.deactivated', { name }), () => {
      void setActive(!active);
    });
  };
  return (
    <Page
      title={person.name}
      lead={[person.number, person.job, person.department].filter(Boolean).join(' · ')}
      {...(may('people.read') && { up: { href: '/app/people', label: text('people.all') } })}
      actions={
        may('people.change') && (
          <>
            <Button busy={move.busy} onClick={() => void setActive(isInactive)}>
              {text(isInactive ? 'people.reactivate' : 'people.deactivate')}
            </Button>
            {may('role.change') && !isInactive && person.person !== me.value?.id && (
              <Button onClick={() => setOpen('roles')}>{text('roles.change')}</Button>
            )}
            <Button kind="primary" onClick={() => setOpen('edit')}>
              {text('people.edit')}
            </Button>
          </>
        )
      }
    >
      {move.problem && <ProblemNote problem={move.problem} />}
      {isInactive && <p role="status">{text('people.inactive-note')}</p>}
      <Section title={text('people.identity')}>
        <PersonFacts person={person} fields={fields} />
      </Section>
      <Section title={text('people.groups')}>
        <PersonGroups groups={person.groups} linked />
      </Section>
      <Section title={text('people.attendance')}>
        <Attendance about={person.person} ask={() => loadAttendance(send, person.person)} linked />
      </Section>
      <Section title={text('people.history')}>
        <History person={person} fields={fields} />
      </Section>
      {may('password.assign') && !isInactive && person.person !== me.value?.id && (
        <PersonAccess person={{ id: person.person, name: person.name }} />
      )}
      {may('person.data') && (
        <Section title={text('data.title')}>
          <SubjectDataLinks href={`/api/people/${person.person}/data`} lead={text('data.lead')} />
        </Section>
      )}
      {may('legal-hold.read') && (
        <LegalHoldSection person={{ id: person.person, name: person.name }} onChange={onChange} />
      )}
      {may('people.erase') && (
        <Section title={text('people.more-actions')}>
          {stopped && <p>{stopped}</p>}
          {!person.held && (
            <div class="line">
              <Button onClick={() => setOpen('merge')}>{text('people.merge')}</Button>
              {!stopped && (
                <Button kind="danger" onClick={() => setOpen('erase')}>
                  {text('people.erase')}
                </Button>
              )}
            </div>
          )}
        </Section>
      )}
      {open === 'edit' && (
        <PersonForm
          title={text('people.edit-title', { name: person.name })}
          submit={text('part.save')}
          person={person}
          save={(request) => changeInOrganisation(send, person.person, request)}
          onSaved={() => {
            showToast(text('part.saved'));
            close();
            void onChange();
          }}
          onClose={close}
        />
      )}
      {open === 'roles' && (
        <RolesDialog
          person={person.person}
          name={person.name}
          roles={person.roles}
          onChange={onChange}
          onClose={close}
        />
      )}
      {open === 'merge' && <MergeDialog person={person} fields={fields} onClose={close} />}
      {open === 'erase' && (
        <EraseDialog
          person={person}
          onErased={({ number }) => route(`/app/settings/erasures/${number}`, true)}
          onClose={close}
        />
      )}
    </Page>
  );
}

/** What stands in the way of an erasure, and is known here; null for nothing. */
function whyNotErased({ person, name, held }: PersonView): string | null {
  if (held) return text('people.held', { name });
  return person === me.value?.id ? text('people.oneself') : null;
}
