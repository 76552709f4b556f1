import type { ComponentChildren } from 'preact';
import './empty-state.css';

/** Nothing is here yet: says what would be here, and offers the way to it. */
export function EmptyState(props: { title: string; lead?: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h3>{props.title}</h3>
      {props.lead && <p class="quiet">{props.lead}</p>}
      {props.children && <div class="line">{props.children}</div>}
    </div>
  );
}
