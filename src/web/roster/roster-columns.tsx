import type { RosterText } from '../../client/roster.ts';
import type { RosterField, RosterPreview } from '../../core/roster.wire.ts';
import { text } from '../message/text.ts';
import { CheckField, SelectField, TextField } from '../part/field.tsx';
import { Section } from '../part/page.tsx';

const fields = [
  'number',
  'name',
  'firstName',
  'lastName',
  'email',
  'from',
  'until',
] as const satisfies readonly RosterField[];

/** Which column of the list is which field; a change is looked at anew at once. */
export function RosterColumns(props: {
  preview: RosterPreview;
  roster: RosterText;
  onChange: (change: Partial<RosterText>) => void;
}) {
  const { preview, roster, onChange } = props;
  const options = [
    { value: '', label: text('roster.no-column') },
    ...preview.header.map((head, index) => ({
      value: String(index),
      label:
        preview.hasHeader && head
          ? head
          : `${text('roster.column', { number: index + 1 })} ${head}`,
    })),
  ];
  const assign = (field: RosterField, value: string) => {
    const columns = { ...preview.columns };
    if (value === '') delete columns[field];
    else columns[field] = Number(value);
    onChange({ columns });
  };
  return (
    <Section title={text('roster.columns')}>
      <p class="quiet small">{text('roster.columns-lead')}</p>
      <div class="fields columns">
        {fields.map((field) => (
          <SelectField
            key={field}
            label={text(`roster.field-${field}`)}
            value={String(preview.columns[field] ?? '')}
            options={options}
            onText={(value) => assign(field, value)}
          />
        ))}
        <TextField
          label={text('roster.from')}
          hint={text('roster.from-hint')}
          type="date"
          value={roster.from ?? ''}
          onText={(from) => from && onChange({ from })}
        />
      </div>
      <CheckField
        label={text('roster.header')}
        checked={preview.hasHeader}
        onCheck={(header) => onChange({ header, columns: preview.columns })}
      />
    </Section>
  );
}
