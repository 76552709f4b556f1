import { useState } from 'preact/hooks';
import { loadBackups } from '../../client/backup.ts';
import { loadOrganisation } from '../../client/organisation.ts';
import type { BackupsView } from '../../core/backup.wire.ts';
import { describePolicy, writePolicy } from '../../core/privacy.ts';
import type { RetentionRules } from '../../core/retention.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { Button, ButtonLink } from '../part/button.tsx';
import { useLoaded } from '../part/loaded.tsx';
import { Section } from '../part/page.tsx';

/** The page that tells everybody what is kept, and its text to be taken elsewhere. */
export function PublicText({ rules }: { rules: RetentionRules }) {
  const organisation = useLoaded(() => loadOrganisation(send), 'organisation');
  const backups = useLoaded(() => loadBackups(send), 'backups');
  const [copied, setCopied] = useState(false);
  const copy = async ({ settings, place }: BackupsView) => {
    const kept = settings.on && place !== 'none' ? settings.keep : null;
    const told = { organisation: organisation.value?.name ?? '', backups: kept };
    try {
      await navigator.clipboard.writeText(writePolicy(describePolicy(rules, told)));
      setCopied(true);
    } catch {
      setCopied(false);
    }
  };
  return (
    <Section title={text('retention.public')}>
      <p>{text('retention.public-lead')}</p>
      <div class="line">
        <ButtonLink href="/privacy" target="_blank">
          {text('retention.public-open')}
        </ButtonLink>
        {organisation.value && backups.value && (
          <Button onClick={() => backups.value && void copy(backups.value)}>
            <span role="status">
              {text(copied ? 'retention.public-copied' : 'retention.public-copy')}
            </span>
          </Button>
        )}
      </div>
    </Section>
  );
}
