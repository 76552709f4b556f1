import type { ComponentChildren } from 'preact';
import type { Problem } from '../../client/request.ts';
import { problemText, text } from '../message/text.ts';
import { Button } from './button.tsx';
import './problem-note.css';

/** What happened and what to do; the request's name only where the server itself is at fault. */
export function ProblemNote({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  return (
    <div class="problem" role="alert">
      <p>{problemText(problem)}</p>
      {problem.code === 'internal' && problem.requestId && (
        <p class="small quiet">{text('part.request', { id: problem.requestId })}</p>
      )}
      {onRetry && (
        <Button size="small" onClick={onRetry}>
          {text('part.retry')}
        </Button>
      )}
    </div>
  );
}

/** Something that should be known, though nothing has failed. */
export function Notice(props: { kind?: 'warning' | 'plain'; children: ComponentChildren }) {
  const { kind = 'plain', children } = props;
  return (
    <div class={`notice notice-${kind}`}>
      {typeof children === 'string' ? <p>{children}</p> : children}
    </div>
  );
}
