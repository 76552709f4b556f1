import type { MergeResult, OwnField } from '../../core/people.wire.ts';
import { text } from '../message/text.ts';
import { dateText } from '../message/when.ts';
import { ChoiceField } from '../part/choice-field.tsx';
import '../part/list.css';
import { fieldLabel } from './field-label.ts';

/** Every field that either has: a choice where both have something else, and what stands where nothing is to choose. */
export function MergeFields(props: {
  of: MergeResult;
  own: readonly OwnField[];
  take: ReadonlySet<string>;
  onChoose: (field: string, fromOther: boolean) => void;
}) {
  const { of, own, take, onChoose } = props;
  const isDisputed = ({ from, into }: MergeResult['fields'][number]) =>
    from !== null && into !== null && from !== into;
  const disputed = of.fields.filter(isDisputed);
  const settled = of.fields.filter((field) => !isDisputed(field));
  return (
    <>
      {disputed.length > 0 && <p class="quiet small">{text('people.merge-differ')}</p>}
      {disputed.map(({ field, from, into }) => (
        <ChoiceField
          key={field}
          label={fieldLabel(field, own)}
          value={take.has(field) ? 'from' : 'into'}
          options={[
            { value: 'into', label: shown(field, into), hint: text('people.merge-stays') },
            { value: 'from', label: shown(field, from), hint: text('people.merge-goes') },
          ]}
          onChoose={(value) => onChoose(field, value === 'from')}
        />
      ))}
      {settled.length > 0 && (
        <>
          <p class="quiet small">{text('people.merge-settled')}</p>
          <dl class="facts">
            {settled.map(({ field, from, into, result }) => (
              <div key={field}>
                <dt>{fieldLabel(field, own)}</dt>
                <dd>
                  {shown(field, result)}
                  {from !== into && (
                    <div class="quiet small">
                      {text(into === null ? 'people.merge-goes' : 'people.merge-stays')}
                    </div>
                  )}
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </>
  );
}

const shown = (field: string, value: string | null): string =>
  field === 'birthDate' && value ? dateText(value) : (value ?? '–');
