import { may } from '../app/me.ts';
import { text } from '../message/text.ts';
import { useBoard, useBoardState } from './board-context.ts';
import { Conflicts } from './conflicts.tsx';
import { Counts } from './counts.tsx';
import { DeedLine } from './deed-line.tsx';
import { isMissing } from './list.ts';
import { ListTools, useListView } from './list-tools.tsx';
import { MarkRest } from './mark-rest.tsx';
import { Names } from './names.tsx';
import { tallyOf } from './state.ts';

/** Counts, conflicts and the list with its tools. */
export function ListSide() {
  const { desk } = useBoard();
  const { session } = useBoardState();
  const view = useListView();
  const people = [...desk.people.value.values()];
  const disputed = people.filter(({ record }) => record.pending);
  const missing = people.filter((person) => isMissing(person, session.state));
  return (
    <section class="list-side" aria-label={text('board.list')}>
      <Conflicts people={disputed} />
      <Counts tally={tallyOf(session, desk.people.value)} />
      <ListTools view={view} conflicts={disputed.length} />
      {view.tab === 'missing' && session.state !== 'cancelled' && may('session.mark') && (
        <MarkRest missing={missing} />
      )}
      <Names view={view} />
      <DeedLine />
    </section>
  );
}
