import { text } from '../message/text.ts';

/** Where everybody reads which data are kept, and for how long; a form that is begun stays open. */
export function PrivacyLink() {
  return (
    <p class="small">
      <a href="/privacy" target="_blank" rel="noopener">
        {text('account.privacy')}
      </a>
    </p>
  );
}
