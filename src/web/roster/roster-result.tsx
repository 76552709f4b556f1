import type { RosterApplied } from '../../core/roster.wire.ts';
import { text } from '../message/text.ts';
import { Button, ButtonLink } from '../part/button.tsx';
import { Section } from '../part/page.tsx';

const kinds = ['added', 'enrolled', 'changed', 'same', 'wrong'] as const;

/** What an import did. */
export function RosterResult(props: {
  result: RosterApplied;
  group: string;
  name: string;
  onAgain: () => void;
}) {
  const { result, group, name, onAgain } = props;
  return (
    <Section title={text('roster.done')}>
      <ul class="tally" role="status">
        {kinds
          .filter((kind) => result[kind] > 0)
          .map((kind) => (
            <li key={kind} data-wrong={kind === 'wrong' || undefined}>
              {text(`roster.result-${kind}`, { count: result[kind] })}
            </li>
          ))}
      </ul>
      <div class="line">
        <ButtonLink kind="primary" href={`/app/groups/${group}`}>
          {text('roster.to-group', { name })}
        </ButtonLink>
        <Button onClick={onAgain}>{text('roster.again')}</Button>
      </div>
    </Section>
  );
}
