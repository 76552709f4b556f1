import { anchorUrl } from '../../client/anchor.ts';
import { writeFingerprint } from '../../core/anchor.ts';
import type { AnchorLine } from '../../core/anchor.wire.ts';
import { me } from '../app/me.ts';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { Button, ButtonLink } from '../part/button.tsx';
import { Page } from '../part/page.tsx';
import { useQuery } from '../part/query.ts';
import { Sheet } from '../part/sheet.tsx';
import './anchors.css';

/** An anchor on paper. */
export function AnchorSheet({ anchor, publicKey }: { anchor: AnchorLine; publicKey: string }) {
  const [, show] = useQuery('anchor');
  const groups = writeFingerprint(anchor.digest).split(' ');
  return (
    <Page
      title={text('anchor.sheet', { when: momentText(anchor.madeAt) })}
      lead={me.value?.organisation ?? ''}
      width="narrow"
    >
      <Sheet
        actions={
          <>
            <ButtonLink href={anchorUrl(anchor.digest)} download>
              {text('anchor.download')}
            </ButtonLink>
            <Button kind="quiet" onClick={() => show('')}>
              {text('anchor.back')}
            </Button>
          </>
        }
      >
        <p>{text('anchor.sheet-lead')}</p>
        <h2>{text('anchor.fingerprint')}</h2>
        <p class="fingerprint fingerprint-large">
          <code>{groups.slice(0, 8).join(' ')}</code> <code>{groups.slice(8).join(' ')}</code>
        </p>
        <p class="quiet">{text('anchor.sheet-streams', { count: anchor.streams })}</p>
        <p class="quiet fingerprint">
          {text('anchor.key')} <code>{publicKey}</code>
        </p>
        <p>{text('anchor.sheet-use')}</p>
        <p class="fingerprint">
          <code>muster verify --anchor "{groups.join(' ')}"</code>
        </p>
      </Sheet>
    </Page>
  );
}
