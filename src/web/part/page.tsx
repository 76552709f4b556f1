import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import './page.css';

export interface PageProps {
  readonly title: string;
  readonly lead?: ComponentChildren;
  /** Links and buttons beside the title. */
  readonly actions?: ComponentChildren;
  /** The page above this one. */
  readonly up?: { readonly href: string; readonly label: string };
  /** `narrow` for forms and reading, `full` for tables that need every pixel. */
  readonly width?: 'narrow' | 'normal' | 'full';
  readonly children?: ComponentChildren;
}

let first = true;

/** The frame of a page: names the window, and puts the focus on the title after moving here from another page. */
export function Page({ title, lead, actions, up, width = 'normal', children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Muster`;
  }, [title]);
  useEffect(() => {
    if (!first && !document.activeElement?.closest('main')) {
      heading.current?.focus({ preventScroll: true });
    }
    first = false;
  }, []);
  return (
    <div class={`page page-${width}`}>
      <header class="page-head">
        <div>
          {up && (
            <a class="page-up small screen-only" href={up.href}>
              ← {up.label}
            </a>
          )}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead && <p class="quiet">{lead}</p>}
        </div>
        {actions && <div class="page-actions screen-only">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A part of a page under its own heading. */
export function Section(props: {
  title: string;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <section class="section">
      <div class="line spread">
        <h2>{props.title}</h2>
        {props.actions && <div class="line screen-only">{props.actions}</div>}
      </div>
      {props.children}
    </section>
  );
}
