import { mergePerson, previewMerge } from '../client/people.ts';
import type { MergeResult, OwnField, PersonView } from '../core/people.wire.ts';
import { findPerson, personLabel } from './find-person.ts';
import { fieldWord } from './person-text.ts';
import { granted, type Place, runMenu } from './place.ts';

type Field = MergeResult['fields'][number];

/**
 * Two entries that are one person become one. Where both have a value, that of the one who stays is kept, or the other
 * where that is chosen. Whether it was done.
 */
export async function mergeInto(
  place: Place,
  person: PersonView,
  ownFields: readonly OwnField[],
): Promise<boolean> {
  const { dialogue, visit } = place;
  const into = await findPerson(place, 'Who stays');
  const taken = new Set<string>();
  const request = () => ({ into: into.person as never, take: [...taken] });
  let isDone = false;
  const merge = async (preview: MergeResult): Promise<void> => {
    await dialogue.read(describeMerge(preview, ownFields));
    if (!(await dialogue.confirm('Make the two one? This cannot be taken back.'))) return;
    granted(place, await mergePerson(visit.send, person.person, request()));
    isDone = true;
    const name = resultOf(preview, 'name') ?? into.name;
    dialogue.say(`The two are one: ${personLabel({ number: resultOf(preview, 'number'), name })}.`);
  };
  await runMenu(
    place,
    () => `${personLabel(person)} goes, ${personLabel(into)} stays`,
    async () => {
      const preview = granted(place, await previewMerge(visit.send, person.person, request()));
      const open = preview.fields.filter(({ from, into: ours }) => from && ours && from !== ours);
      return [
        { label: 'Make the two one', hint: 'read first', run: () => merge(preview) },
        ...open.map((field) => ({
          label: describeField(field, ownFields),
          hint: 'takes the other',
          run: async () => {
            if (!taken.delete(field.field)) taken.add(field.field);
          },
        })),
      ];
    },
    { until: () => isDone },
  );
  return isDone;
}

const resultOf = ({ fields }: Pick<MergeResult, 'fields'>, wanted: string): string | null =>
  fields.find(({ field }) => field === wanted)?.result ?? null;

/** `Name: Alan Turing (not A. Turing)` */
function describeField(
  { field, result, ...values }: Field,
  ownFields: readonly OwnField[],
): string {
  const lost = [values.from, values.into].find((value) => value !== null && value !== result);
  return `${fieldWord(field, ownFields)}: ${result ?? '-'}${lost ? ` (not ${lost})` : ''}`;
}

function describeMerge(
  { from, into, fields, conflicts, ...merge }: MergeResult,
  ownFields: readonly OwnField[],
): string[] {
  const number = resultOf({ fields }, 'number');
  const retired = [from, into].filter((one) => one.number !== null && one.number !== number);
  return [
    `${personLabel(from)} goes, ${personLabel(into)} stays.`,
    ...fields.map((field) => describeField(field, ownFields)),
    `${merge.records} ${merge.records === 1 ? 'session moves' : 'sessions move'}, ${conflicts.length} of them where both have a mark.`,
    ...conflicts.map(
      ({ date, title, result }) => `${date} ${title}: ${result ?? 'nothing'} stands then`,
    ),
    ...retired.map((one) => `The number ${one.number} is never given to anybody again.`),
    ...(merge.endsAccount ? [`Password, roles and sign-ins of ${from.name} end.`] : []),
  ];
}
