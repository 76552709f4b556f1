import { signal } from '@preact/signals';
import { text } from '../message/text.ts';
import { Button } from './button.tsx';
import './toast.css';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly undo: (() => void) | undefined;
}

const toasts = signal<readonly Toast[]>([]);
let lastId = 0;

const drop = (id: number) => {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
};

/** Says what was done; with `undo` it can be taken back while it stands. */
export function showToast(said: string, undo?: () => void): void {
  lastId += 1;
  const id = lastId;
  toasts.value = [...toasts.value.slice(-1), { id, text: said, undo }];
  setTimeout(drop, undo ? 12_000 : 4_000, id);
}

/** Where toasts appear; stands once, in the shell. */
export function Toasts() {
  return (
    <div class="toasts screen-only" role="status" aria-live="polite">
      {toasts.value.map((toast) => (
        <div key={toast.id} class="toast">
          <span>{toast.text}</span>
          {toast.undo && (
            <Button
              kind="quiet"
              size="small"
              onClick={() => {
                drop(toast.id);
                toast.undo?.();
              }}
            >
              {text('part.undo')}
            </Button>
          )}
        </div>
      ))}
    </div>
  );
}
