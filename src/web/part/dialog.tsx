import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { text } from '../message/text.ts';
import { Button } from './button.tsx';
import './dialog.css';

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  /** Buttons at the foot; inside a form they belong to the form instead. */
  readonly actions?: ComponentChildren;
}

/** A native modal dialog: its first field has the focus, Escape closes it, and the focus goes back to where it was. */
export function Dialog({ title, onClose, children, actions }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    if (!dialog) return;
    const before = document.activeElement;
    dialog.showModal();
    focusFirst(dialog);
    // what is only taken out of the page gives no focus back
    return () => queueMicrotask(() => focusBack(before));
  }, []);
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        // goes when its opener knows that it went, so that it can be opened again at once
        event.preventDefault();
        onClose();
      }}
      onClose={onClose}
    >
      <div class="dialog-head">
        <h2 id={id}>{title}</h2>
        <Button kind="quiet" size="small" class="dialog-close" onClick={onClose}>
          {text('part.close')}
        </Button>
      </div>
      <div class="dialog-body stack">{children}</div>
      {actions && <div class="dialog-foot">{actions}</div>}
    </dialog>
  );
}

const fields = ':is(input, select, textarea):not(:disabled)';

/** By itself a dialog would begin at its button that closes it. */
function focusFirst(dialog: HTMLDialogElement): void {
  if (dialog.querySelector('[autofocus]')) return;
  dialog.querySelector<HTMLElement>(`.dialog-body .form ${fields}`)?.focus();
}

/** To what opened the dialog; where that is gone, to the list or the title. */
function focusBack(before: Element | null): void {
  if (document.activeElement !== document.body) return;
  const back = before?.isConnected && before !== document.body ? before : null;
  const next = back ?? document.querySelector('[role=grid]') ?? document.querySelector('main h1');
  if (next instanceof HTMLElement) next.focus({ preventScroll: true });
}
