import { text } from '../message/text.ts';
import { ButtonLink } from '../part/button.tsx';
import { Page } from '../part/page.tsx';

/** Nothing lies at this address. */
export function NotFound() {
  return (
    <Page title={text('shell.not-found')} lead={text('shell.not-found-lead')} width="narrow">
      <p>
        <ButtonLink kind="primary" href="/app/">
          {text('shell.to-start')}
        </ButtonLink>
      </p>
    </Page>
  );
}
