import { text } from '../message/text.ts';
import { useBoard, useBoardState } from './board-context.ts';
import { clockSeconds } from './clock-text.ts';
import './line-state.css';

/** Whether what is shown is the present, always in sight; and what the server does not have yet. */
export function LineState() {
  const { feed, desk } = useBoard();
  const { session } = useBoardState();
  const line = feed.line.value;
  const waiting = desk.unsynced.value.size;
  return (
    <p class={`line-state line-${line}`} role="status">
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="5" />
      </svg>
      {line === 'online' && text('board.live')}
      {line === 'connecting' && text('board.connecting')}
      {line === 'reconnecting' &&
        text('board.reconnecting', { time: clockSeconds(feed.heardAt(), session.zone) })}
      {line !== 'online' && waiting > 0 && ` · ${text('board.unsynced', { count: waiting })}`}
    </p>
  );
}
