import type { ComponentChildren, JSX } from 'preact';
import './button.css';

type Kind = 'primary' | 'plain' | 'quiet' | 'danger';

export interface ButtonProps extends Omit<JSX.IntrinsicElements['button'], 'size'> {
  readonly kind?: Kind;
  readonly size?: 'small' | 'large' | undefined;
  /** Work goes on: the button stays in place and takes no second press. */
  readonly busy?: boolean;
  readonly children?: ComponentChildren;
}

/** A button that does something here. What leads elsewhere is a ButtonLink. */
export function Button({ kind = 'plain', size, busy = false, ...rest }: ButtonProps) {
  const { class: extra, onClick, ...attributes } = rest;
  return (
    <button
      type="button"
      {...attributes}
      class={`button button-${kind} ${size ? `button-${size}` : ''} ${extra ?? ''}`}
      aria-disabled={busy || undefined}
      data-busy={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else if (typeof onClick === 'function') onClick.call(event.currentTarget, event);
      }}
    />
  );
}

export interface ButtonLinkProps {
  readonly kind?: Kind;
  readonly size?: 'small' | 'large' | undefined;
  readonly href: string;
  readonly download?: string | boolean;
  readonly target?: string;
  readonly children: ComponentChildren;
}

/** A link that looks like a button. */
export function ButtonLink({ kind = 'plain', size, ...rest }: ButtonLinkProps) {
  return <a {...rest} class={`button button-${kind} ${size ? `button-${size}` : ''}`} />;
}
