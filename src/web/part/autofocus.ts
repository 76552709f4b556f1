import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** Puts the focus on a field that asks for it; the attribute alone does nothing where another had it before. */
export function useAutofocus(
  element: RefObject<HTMLElement | null>,
  wanted: boolean | undefined,
): void {
  useEffect(() => {
    if (wanted) element.current?.focus();
  }, []);
}
