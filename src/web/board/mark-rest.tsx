import type { BoardPerson } from '../../core/session.wire.ts';
import { statuses } from '../../core/status.ts';
import { text } from '../message/text.ts';
import { Button } from '../part/button.tsx';
import { StatusMark } from '../part/status-mark.tsx';
import { useBoard } from './board-context.ts';

/** Marks everybody who is still missing in one go; one undo takes all of it back. */
export function MarkRest({ missing }: { missing: readonly BoardPerson[] }) {
  const { desk } = useBoard();
  if (missing.length === 0) return null;
  return (
    <div class="names-rest">
      <span>{text('board.mark-rest-as', { count: missing.length })}</span>
      <div class="line">
        {statuses.map((status) => (
          <Button
            key={status}
            size="small"
            onClick={() =>
              desk.mark(
                missing.map(({ id }) => id),
                status,
              )
            }
          >
            <StatusMark mark={status} />
          </Button>
        ))}
      </div>
    </div>
  );
}
