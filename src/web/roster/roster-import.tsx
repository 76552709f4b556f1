import { applyRoster, previewRoster, type RosterText } from '../../client/roster.ts';
import type { RosterField } from '../../core/roster.wire.ts';
import { me } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { wallDate } from '../message/zone-time.ts';
import { ButtonLink } from '../part/button.tsx';
import { TextField } from '../part/field.tsx';
import { ListImport, type ListWay } from './list-import.tsx';

const fields = [
  'number',
  'name',
  'firstName',
  'lastName',
  'email',
  'from',
  'until',
] as const satisfies readonly RosterField[];

/** A list of people into a group. */
export function RosterImport({ group, name }: { group: string; name: string }) {
  const way: ListWay<RosterText> = {
    begin: (content) => ({ text: content, from: wallDate(Date.now(), me.value?.zone) }),
    look: (list) => previewRoster(send, group, list),
    apply: async (list) => {
      const answer = await applyRoster(send, group, list);
      if (!answer.ok) return answer;
      const { added, enrolled, changed, same, wrong } = answer.value;
      return { ok: true, value: { add: added, enrol: enrolled, change: changed, same, wrong } };
    },
  };
  return (
    <ListImport
      way={way}
      fields={fields.map((id) => ({ id, label: text(`roster.field-${id}`) }))}
      template={[
        [text('roster.field-number'), text('roster.field-name'), text('roster.field-email')],
        ['0017', 'Ada Lovelace', 'ada@example.org'],
        ['0018', '王小明', ''],
      ]}
      nothing={text('roster.nothing')}
      onward={
        <ButtonLink kind="primary" href={`/app/groups/${group}`}>
          {text('roster.to-group', { name })}
        </ButtonLink>
      }
      common={(list, change) => (
        <TextField
          label={text('roster.from')}
          hint={text('roster.from-hint')}
          type="date"
          value={list.from ?? ''}
          onText={(from) => from && change({ from })}
        />
      )}
    />
  );
}
