import { text } from '../message/text.ts';
import { Button } from '../part/button.tsx';
import { useBoard } from './board-context.ts';
import type { Deed } from './desk.ts';
import './deed-line.css';

/** Says what was done last, with the way back. It stays in place, so that marking row after row stays calm. */
export function DeedLine() {
  const { desk } = useBoard();
  const deed = desk.deed.value;
  if (!deed) return <div class="unseen" role="status" />;
  return (
    <div class="deed">
      <span role="status">{deedText(deed)}</span>
      {desk.canUndo.value && (
        <Button kind="quiet" size="small" onClick={desk.undo}>
          {text('part.undo')} <kbd>Ctrl Z</kbd>
        </Button>
      )}
    </div>
  );
}

function deedText(deed: Deed): string {
  const count = deed.people.length;
  const name = deed.people[0]?.name ?? '';
  if (deed.kind === 'note') return text('board.did-note', { name });
  if (deed.kind === 'undo') {
    return count === 1 ? text('board.did-undo', { name }) : text('board.did-undo-many', { count });
  }
  const status = deed.status === null ? text('board.unmarked') : text(`status.${deed.status}`);
  return count === 1
    ? text('board.did-mark', { name, status })
    : text('board.did-mark-many', { count, status });
}
