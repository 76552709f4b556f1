import { useRoute } from 'preact-iso';
import { loadErasure } from '../../client/erasure.ts';
import type { ErasureCertificate } from '../../core/erasure.wire.ts';
import { me } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { Button } from '../part/button.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Page } from '../part/page.tsx';
import './certificate.css';

/** What remains of an erasure, to be printed and kept. */
export function CertificatePage() {
  const { params } = useRoute();
  const number = params.number ?? '';
  const certificate = useLoaded(() => loadErasure(send, number), `erasure ${number}`);
  return (
    <Page
      title={text('certificate.title', { number })}
      width="narrow"
      up={{ href: '/app/settings/erasures', label: text('erasures.title') }}
      actions={<Button onClick={() => print()}>{text('certificate.print')}</Button>}
    >
      <Loaded of={certificate}>{(of) => <Certificate of={of} />}</Loaded>
    </Page>
  );
}

function Certificate({ of }: { of: ErasureCertificate }) {
  const { number, erasedAt, erased, restored, seq, hash } = of;
  const when = momentText(erasedAt);
  const rows: [string, string[]][] = [
    [text('certificate.organisation'), [me.value?.organisation ?? '']],
    [text('certificate.erased'), [...erased]],
    [text('certificate.epoch'), [text('certificate.epoch-line', { number })]],
    [text('certificate.event'), [text('certificate.event-line', { seq, hash })]],
  ];
  return (
    <>
      <p role="status">
        {restored
          ? text('certificate.restored', { when })
          : text('certificate.line', { when, by: orderedBy(of) })}
      </p>
      <dl class="certificate">
        {rows.map(([label, lines]) => (
          <div key={label}>
            <dt class="quiet small">{label}</dt>
            {lines.map((line) => (
              <dd key={line}>{line}</dd>
            ))}
          </div>
        ))}
      </dl>
      <p class="quiet small">{text('certificate.check')}</p>
    </>
  );
}

/** Who ordered an erasure, as far as they are known. */
export function orderedBy({ by }: ErasureCertificate): string {
  if (by.id === 'operator') return text('erasures.operator');
  if (by.id === 'job') return text('erasures.job');
  return by.name ?? text('hold.unknown');
}
