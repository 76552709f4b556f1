import type { ComponentChildren } from 'preact';
import { useErrorBoundary } from 'preact/hooks';
import { text } from '../message/text.ts';
import { Button } from '../part/button.tsx';
import { Page } from '../part/page.tsx';

/** Says so where a page has failed, instead of leaving it white. */
export function Unbroken({ children }: { children: ComponentChildren }) {
  const [error] = useErrorBoundary((thrown) => reportError(thrown));
  if (!error) return <>{children}</>;
  return (
    <Page title={text('shell.broken')} lead={text('shell.broken-lead')} width="narrow">
      <p>
        <Button kind="primary" onClick={() => location.reload()}>
          {text('shell.reload')}
        </Button>
      </p>
    </Page>
  );
}
