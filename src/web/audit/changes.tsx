import { factWord } from '../../core/event-word.ts';
import { text } from '../message/text.ts';

/** What was told of something in an event, value by value; what changed, with before and after. */
export function Changes({ told }: { told: Readonly<Record<string, unknown>> }) {
  const { before, after, ...rest } = told;
  const isChange = isObject(before) || isObject(after);
  const values = isChange ? rest : told;
  return (
    <>
      {isChange &&
        listChanges(asObject(before), { ...rest, ...asObject(after) }).map(([key, from, to]) => (
          <div key={`${key} before`}>
            <dt>{factWord(key)}</dt>
            <dd>
              <del>{from}</del> <span aria-hidden="true">→</span>{' '}
              <span class="unseen">{text('audit.became')}</span> <ins>{to}</ins>
            </dd>
          </div>
        ))}
      {Object.entries(values)
        .filter(([key]) => !(isChange && key in asObject(before)))
        .map(([key, value]) => (
          <div key={key}>
            <dt>{factWord(key)}</dt>
            <dd>{show(value)}</dd>
          </div>
        ))}
    </>
  );
}

type Told = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Told =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const asObject = (value: unknown): Told => (isObject(value) ? value : {});

/** Every field that differs, as it was and as it is. */
function listChanges(before: Told, after: Told): [string, string, string][] {
  return Object.keys(before).flatMap((key) => {
    const [from, to] = [show(before[key]), show(after[key])];
    return from === to ? [] : [[key, from, to]];
  });
}

function show(value: unknown): string {
  if (value === null || value === undefined || value === '') return text('audit.empty');
  if (Array.isArray(value) && value.every((one) => typeof one === 'string'))
    return value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1);
}
