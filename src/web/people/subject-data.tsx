import { text } from '../message/text.ts';
import { ButtonLink } from '../part/button.tsx';

/** Everything about a person, to be taken out as a file: to read and print, or for a program. */
export function SubjectDataLinks({ href, lead }: { href: string; lead: string }) {
  return (
    <>
      <p class="quiet small">{lead}</p>
      <div class="line screen-only">
        <ButtonLink href={`${href}?format=html`} download>
          {text('data.html')}
        </ButtonLink>
        <ButtonLink kind="quiet" href={href} download>
          {text('data.json')}
        </ButtonLink>
      </div>
    </>
  );
}
