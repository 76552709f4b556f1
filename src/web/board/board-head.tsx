import { text } from '../message/text.ts';
import { titleOf } from '../session/title.ts';
import { useBoard, useBoardState } from './board-context.ts';
import { clockText, isOtherZone } from './clock-text.ts';
import { LineState } from './line-state.tsx';
import { SessionMoves } from './session-moves.tsx';
import './board-head.css';

/** Which session this is, how it stands, whether the page is live, and what can be done with it. */
export function BoardHead() {
  const { feed } = useBoard();
  const { session } = useBoardState();
  const { zone } = session;
  const state = session.state === 'open' && session.paused ? 'paused' : session.state;
  const kind = session.groupName ?? text('board.quick-roll');
  const starts = clockText(session.startsAt, zone);
  return (
    <header class="board-head">
      <div>
        <h1 tabIndex={-1}>{titleOf(session)}</h1>
        <p class="board-facts">
          <span class={`board-state board-state-${state}`}>{text(`board.${state}`)}</span>
          {kind !== titleOf(session) && <span>{kind}</span>}
          <span>
            {session.endsAt === null
              ? text('board.since', { time: starts })
              : text('board.from-to', { from: starts, to: clockText(session.endsAt, zone) })}
          </span>
          {session.state === 'open' && session.closesAt !== null && (
            <span>{text('board.closes-at', { time: clockText(session.closesAt, zone) })}</span>
          )}
          {isOtherZone(zone, feed.serverNow()) && <span>{text('board.in-zone', { zone })}</span>}
          <LineState />
        </p>
      </div>
      <SessionMoves />
    </header>
  );
}
