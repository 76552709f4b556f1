import { text } from '../message/text.ts';
import './skeleton.css';

/** Grey lines where something is about to be; they appear after 300 ms, so that quick answers do not flicker. */
export function Skeleton({ lines = 4 }: { lines?: number }) {
  return (
    <div class="skeleton" aria-busy="true">
      <span class="unseen">{text('part.loading')}</span>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} class="skeleton-line" />
      ))}
    </div>
  );
}
