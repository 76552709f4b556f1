import type { ComponentChildren } from 'preact';
import { text } from '../message/text.ts';
import { Button } from './button.tsx';
import './sheet.css';

/** What is to be printed and kept on paper; the buttons below stay on the screen. */
export function Sheet(props: { actions: ComponentChildren; children: ComponentChildren }) {
  return (
    <>
      <div class="sheet">{props.children}</div>
      <div class="line screen-only">
        <Button kind="primary" onClick={() => print()}>
          {text('part.print')}
        </Button>
        {props.actions}
      </div>
    </>
  );
}
