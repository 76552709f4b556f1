import { text } from '../message/text.ts';
import { ButtonLink } from '../part/button.tsx';
import { EmptyState } from '../part/empty-state.tsx';
import { useBoard, useBoardState } from './board-context.ts';
import type { ListView } from './list.ts';

/** Why the list has no rows, and the way on. */
export function NamesEmpty({ view }: { view: ListView }) {
  const { desk } = useBoard();
  const { session } = useBoardState();
  if (view.query !== '') return <p>{text('part.no-hits', { query: view.query })}</p>;
  if (desk.people.value.size > 0 && view.tab !== 'all') {
    return <EmptyState title={text(`board.none-${view.tab}`)} />;
  }
  if (session.group !== null) {
    return (
      <EmptyState title={text('board.nobody-enrolled')} lead={text('board.nobody-enrolled-lead')}>
        <ButtonLink href={`/app/groups/${session.group}`}>{text('board.to-group')}</ButtonLink>
      </EmptyState>
    );
  }
  const lead = session.state === 'planned' ? 'board.nobody-planned-lead' : 'board.nobody-yet-lead';
  return <EmptyState title={text('board.nobody-yet')} lead={text(lead)} />;
}
