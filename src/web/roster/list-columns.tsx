import type { ComponentChildren } from 'preact';
import { text } from '../message/text.ts';
import { CheckField, SelectField } from '../part/field.tsx';
import { Section } from '../part/page.tsx';
import type { ListLook, ListText } from './list.ts';

/** A field that a column may hold. */
export interface ListField {
  readonly id: string;
  readonly label: string;
}

/** Which column of the list is which field; a change is looked at anew at once. */
export function ListColumns(props: {
  look: ListLook;
  fields: readonly ListField[];
  onChange: (change: Pick<ListText, 'columns' | 'header'>) => void;
  /** Further fields, for what the whole list has in common. */
  children?: ComponentChildren;
}) {
  const { look, fields, onChange } = props;
  const chosen = Object.fromEntries(
    Object.entries(look.columns).flatMap(([field, index]) =>
      index === undefined ? [] : [[field, index] as const],
    ),
  );
  const options = [
    { value: '', label: text('roster.no-column') },
    ...look.header.map((head, index) => ({
      value: String(index),
      label:
        look.hasHeader && head ? head : `${text('roster.column', { number: index + 1 })} ${head}`,
    })),
  ];
  const assign = (field: string, value: string) => {
    const { [field]: _before, ...columns } = chosen;
    onChange({ columns: value === '' ? columns : { ...columns, [field]: Number(value) } });
  };
  return (
    <Section title={text('roster.columns')}>
      <p class="quiet small">{text('roster.columns-lead')}</p>
      <div class="fields columns">
        {fields.map(({ id, label }) => (
          <SelectField
            key={id}
            label={label}
            value={String(chosen[id] ?? '')}
            options={options}
            onText={(value) => assign(id, value)}
          />
        ))}
        {props.children}
      </div>
      <CheckField
        label={text('roster.header')}
        checked={look.hasHeader}
        onCheck={(header) => onChange({ header, columns: chosen })}
      />
    </Section>
  );
}
