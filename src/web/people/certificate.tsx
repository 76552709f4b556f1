import type { ErasureCertificate } from '../../core/people.wire.ts';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { Button } from '../part/button.tsx';
import { Page } from '../part/page.tsx';

/** What remains of an erasure, to be printed and kept. */
export function Certificate({ of }: { of: ErasureCertificate }) {
  return (
    <Page
      title={text('people.certificate')}
      width="narrow"
      up={{ href: '/app/people', label: text('people.all') }}
      actions={<Button onClick={() => print()}>{text('people.print')}</Button>}
    >
      <div class="stack" role="status">
        <p>{text('people.certificate-line', { when: momentText(of.erasedAt), by: of.by })}</p>
        <p>{text('people.certificate-epoch', { epoch: of.epoch })}</p>
        <p class="small">{text('people.certificate-ids', { ids: of.erased.join(', ') })}</p>
      </div>
    </Page>
  );
}
