import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type PlainKey, text } from '../message/text.ts';
import { Dialog } from './dialog.tsx';
import './keys.css';

/** A key of a page: what to press, what it does. Without `run` it is only listed. */
export interface KeyBinding {
  /** As `KeyboardEvent.key` has it; shown as written. */
  readonly key: string;
  readonly label: PlainKey;
  readonly run?: () => void;
}

const listed = signal<readonly (readonly KeyBinding[])[]>([]);
const shown = signal(false);

/** True while somebody types: then letters are text. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, dialog') !== null
  );
}

/** Keys that hold while the component is on the page; they are listed under `?`. */
export function useKeys(bindings: readonly KeyBinding[]): void {
  const current = useRef(bindings);
  current.current = bindings;
  const names = bindings.map(({ key, label }) => key + label).join();
  useEffect(() => {
    const mine = current.current;
    listed.value = [...listed.value, mine];
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const hit = current.current.find(({ key }) => key === event.key);
      if (!hit?.run) return;
      event.preventDefault();
      hit.run();
    };
    addEventListener('keydown', listen);
    return () => {
      removeEventListener('keydown', listen);
      listed.value = listed.value.filter((bindings) => bindings !== mine);
    };
  }, [names]);
}

export const showKeys = (): void => {
  shown.value = true;
};

/** The list of keys; stands once, in the shell. */
export function KeyList() {
  if (!shown.value) return null;
  return (
    <Dialog
      title={text('shell.keys-of-page')}
      onClose={() => {
        shown.value = false;
      }}
    >
      <dl class="keys">
        {listed.value.flat().map(({ key, label }) => (
          <div key={key + label}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{text(label)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
