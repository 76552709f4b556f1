import type { ComponentChildren } from 'preact';
import { text } from '../message/text.ts';
import { Button } from '../part/button.tsx';
import { Section } from '../part/page.tsx';
import type { ListCounts } from './list.ts';
import { ListTally } from './list-tally.tsx';

/** What an import did, and where to go from here. */
export function ListResult(props: {
  counts: ListCounts;
  onward: ComponentChildren;
  onAgain: () => void;
}) {
  return (
    <Section title={text('roster.done')}>
      <ListTally counts={props.counts} done />
      <div class="line">
        {props.onward}
        <Button onClick={props.onAgain}>{text('roster.again')}</Button>
      </div>
    </Section>
  );
}
