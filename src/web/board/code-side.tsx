import { registerCsvUrl } from '../../client/session.ts';
import { text } from '../message/text.ts';
import { ButtonLink } from '../part/button.tsx';
import { useBoard, useBoardState } from './board-context.ts';
import { clockText } from './clock-text.ts';
import { CodePanel } from './code-panel.tsx';

/** The code while the session is open; otherwise what became of it. */
export function CodeSide() {
  const { id } = useBoard();
  const { session } = useBoardState();
  const { state, zone } = session;
  return (
    <div class="code-side">
      {state === 'open' && <CodePanel />}
      {state === 'planned' && (
        <div class="code-paused">
          <h2>{text('board.planned')}</h2>
          <p>{text('board.opens-at', { time: clockText(session.startsAt, zone) })}</p>
        </div>
      )}
      {state === 'cancelled' && (
        <div class="code-paused">
          <h2>{text('board.cancelled')}</h2>
          {session.cancelReason && (
            <p>{text('board.cancel-reason', { reason: session.cancelReason })}</p>
          )}
        </div>
      )}
      {state === 'closed' && (
        <div class="code-paused">
          <h2>{text('board.closed')}</h2>
          {session.closedAt !== null && (
            <p>{text('board.closed-at', { time: clockText(session.closedAt, zone) })}</p>
          )}
          <div class="line">
            <ButtonLink kind="primary" href={`/app/sessions/${id}/register`}>
              {text('board.register')}
            </ButtonLink>
            <ButtonLink href={registerCsvUrl(id)} download>
              {text('board.csv')}
            </ButtonLink>
          </div>
        </div>
      )}
    </div>
  );
}
