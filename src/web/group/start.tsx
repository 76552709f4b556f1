import { text } from '../message/text.ts';
import { Page } from '../part/page.tsx';

/** What a host needs in the first thirty seconds. */
export function StartPage() {
  return <Page title={text('shell.start')} />;
}
