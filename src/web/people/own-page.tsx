import { loadOwnAttendance, loadOwnPerson } from '../../client/own-person.ts';
import { PrivacyLink } from '../account/privacy-link.tsx';
import { me } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Page, Section } from '../part/page.tsx';
import { Attendance } from './person-attendance.tsx';
import { PersonFacts } from './person-facts.tsx';
import { PersonGroups } from './person-groups.tsx';
import { SubjectDataLinks } from './subject-data.tsx';

/** What everybody who is signed in may see of themselves: sessions, groups, and the data as they are kept. */
export function OwnPage() {
  const person = useLoaded(() => loadOwnPerson(send), 'own person');
  return (
    <Page title={text('own.title')} lead={me.value?.name}>
      <Section title={text('own.sessions')}>
        <Attendance about="oneself" ask={() => loadOwnAttendance(send)} linked={false} />
      </Section>
      <Loaded of={person} lines={6}>
        {(view) => (
          <>
            <Section title={text('people.groups')}>
              <PersonGroups groups={view.groups} linked={false} />
            </Section>
            <Section title={text('own.details')}>
              <p class="quiet small">{text('own.details-lead')}</p>
              <PersonFacts person={view} fields={view.fields} />
            </Section>
          </>
        )}
      </Loaded>
      <Section title={text('data.own-title')}>
        <SubjectDataLinks href="/api/me/data" lead={text('data.own-lead')} />
        <PrivacyLink />
      </Section>
    </Page>
  );
}
