import { useEffect, useState } from 'preact/hooks';

/** Gives the focus back to where it was when a dialog opened, or to the list where that has gone. */
export function useFocusBack(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      const back = before?.isConnected && before !== document.body ? before : null;
      const target = back ?? document.querySelector('[role=grid]');
      if (target instanceof HTMLElement) target.focus({ preventScroll: true });
    },
    [before],
  );
}
