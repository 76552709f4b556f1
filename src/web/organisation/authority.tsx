import type { Installation } from '../../core/organisation.wire.ts';
import { text } from '../message/text.ts';
import { ButtonLink } from '../part/button.tsx';
import { Section } from '../part/page.tsx';

/** The installation's own authority: its certificate, and how other machines come to trust it. */
export function AuthoritySection(props: { authority: NonNullable<Installation['authority']> }) {
  const { fingerprint, url } = props.authority;
  return (
    <Section title={text('settings.authority')}>
      <p>{text('settings.authority-lead')}</p>
      <p>
        <span class="quiet small">{text('settings.authority-fingerprint')}</span>
        <br />
        <code>{fingerprint}</code>
      </p>
      <p>
        <ButtonLink href={url} download>
          {text('settings.authority-download')}
        </ButtonLink>
      </p>
      <details>
        <summary>{text('settings.authority-how')}</summary>
        <ol class="stack tight">
          <li>{text('settings.authority-check')}</li>
          <li>{text('settings.authority-windows')}</li>
          <li>{text('settings.authority-mac')}</li>
          <li>{text('settings.authority-linux')}</li>
        </ol>
      </details>
    </Section>
  );
}
