import { mergePerson, previewMerge } from '../client/people.ts';
import type { MergeResult, OwnField, PersonView } from '../core/people.wire.ts';
import { findPerson } from './find-person.ts';
import { fieldWord } from './person-text.ts';
import { granted, type Place } from './place.ts';

/** Two entries that are one person become one; what stands is that of the one who stays. Whether it was done. */
export async function mergeInto(
  place: Place,
  person: PersonView,
  ownFields: readonly OwnField[],
): Promise<boolean> {
  const { dialogue, visit } = place;
  const into = await findPerson(place, 'Who stays');
  const request = { into: into.person as never };
  const preview = granted(place, await previewMerge(visit.send, person.person, request));
  await dialogue.read(describeMerge(preview, ownFields));
  if (!(await dialogue.confirm('Make the two one? This cannot be taken back.'))) return false;
  granted(place, await mergePerson(visit.send, person.person, request));
  dialogue.say(`${person.name} is now ${into.name}.`);
  return true;
}

function describeMerge(
  { from, into, fields, conflicts, ...merge }: MergeResult,
  ownFields: readonly OwnField[],
): string[] {
  return [
    `${from.number ?? '-'} ${from.name} goes, ${into.number ?? '-'} ${into.name} stays.`,
    ...fields.map((one) => {
      const lost = one.from !== null && one.from !== one.result ? ` (not ${one.from})` : '';
      return `${fieldWord(one.field, ownFields)}: ${one.result ?? '-'}${lost}`;
    }),
    `${merge.records} ${merge.records === 1 ? 'session moves' : 'sessions move'}, ${conflicts.length} of them where both have a mark.`,
    ...conflicts.map(
      ({ date, title, result }) => `${date} ${title}: ${result ?? 'nothing'} stands then`,
    ),
    ...(merge.retiresNumber ? [`The number ${from.number} is never given to anybody again.`] : []),
    ...(merge.endsAccount ? [`Password, roles and sign-ins of ${from.name} end.`] : []),
  ];
}
