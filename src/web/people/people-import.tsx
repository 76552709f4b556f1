import { loadOwnFields } from '../../client/people.ts';
import { applyPeople, previewPeople } from '../../client/people-import.ts';
import { type PeopleImport, personDetails } from '../../core/people.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { ButtonLink } from '../part/button.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Page } from '../part/page.tsx';
import { ListImport, type ListWay } from '../roster/list-import.tsx';
import { ImportProgress, UnfinishedImport } from './import-progress.tsx';

const identity = ['number', 'name', 'firstName', 'lastName', 'email'] as const;

const way: ListWay<PeopleImport> = {
  begin: (content) => ({ text: content }),
  look: (list) => previewPeople(send, list),
  apply: (list) => applyPeople(send, list),
};

/** Brings a list of people into the organisation, with all their fields and into no group. */
export function PeopleImportPage() {
  const own = useLoaded(() => loadOwnFields(send), 'own fields');
  return (
    <Page
      title={text('people.import-title')}
      up={{ href: '/app/people', label: text('people.all') }}
    >
      <UnfinishedImport />
      <Loaded of={own}>
        {({ fields }) => {
          const known = [
            ...identity.map((id) => ({ id, label: text(`roster.field-${id}`) })),
            ...personDetails.map((id) => ({ id, label: text(`people.${id}`) })),
            ...fields.map(({ id, name }) => ({ id: `own.${id}`, label: name })),
          ];
          // one column with the whole name is offered, not three
          const headings = known.filter(({ id }) => id !== 'firstName' && id !== 'lastName');
          return (
            <ListImport
              way={way}
              fields={known}
              template={[headings.map(({ label }) => label)]}
              nothing={text('people.import-nothing')}
              onward={
                <ButtonLink kind="primary" href="/app/people">
                  {text('people.all')}
                </ButtonLink>
              }
              progress={<ImportProgress />}
            />
          );
        }}
      </Loaded>
    </Page>
  );
}
