import type { SessionState } from '../../core/session.ts';
import { text } from '../message/text.ts';
import './state-word.css';

/** How a session stands; an open one catches the eye. */
export function StateWord({ state }: { state: SessionState }) {
  return <span class={`state state-${state}`}>{text(`session.state-${state}`)}</span>;
}
