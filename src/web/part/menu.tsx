import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import './menu.css';

/** A button that opens a popover below it; a press inside or outside, or Escape, closes it. */
export function Menu(props: {
  label: ComponentChildren;
  title?: string;
  children: ComponentChildren;
}) {
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const place = () => {
    const rect = button.current?.getBoundingClientRect();
    if (!rect || !panel.current) return;
    panel.current.style.top = `${rect.bottom + 4}px`;
    panel.current.style.right = `${Math.max(8, document.documentElement.clientWidth - rect.right)}px`;
  };
  useEffect(() => {
    const close = (event: Event) => {
      if ((event.target as Element).closest('a, button')) panel.current?.hidePopover();
    };
    const element = panel.current;
    element?.addEventListener('click', close);
    return () => element?.removeEventListener('click', close);
  }, []);
  return (
    <>
      <button
        ref={button}
        type="button"
        class="menu-button"
        aria-label={props.title}
        popovertarget={id}
        onClick={place}
      >
        {props.label}
      </button>
      <div ref={panel} id={id} popover="auto" class="menu">
        {props.children}
      </div>
    </>
  );
}
