import type { vocabularies } from './account.wire.ts';
import type { Opening } from './check-in.wire.ts';
import type { RefusalCode, RefusalDetail } from './refusal.ts';

/** What the server inlines into the phone page as JSON: the page needs no further request to show itself. */
export type PhonePage = PhonePageBase & (FormPage | RefusedPage | TypedPage);

interface PhonePageBase {
  readonly organisation: string;
  /** Whether the page says teacher or supervisor; a school's words without it. */
  readonly words?: (typeof vocabularies)[number] | undefined;
}

/** A code was scanned in time. */
interface FormPage {
  readonly mode: 'form';
  readonly opening: Opening;
  /** Whether this browser brought its cookie back, or has just been given its first one. */
  readonly browserKnown: boolean;
}

/** A link that opens nothing. */
interface RefusedPage {
  readonly mode: 'refused';
  readonly code: RefusalCode;
  readonly detail?: RefusalDetail | undefined;
}

/** No code yet: it is typed. */
interface TypedPage {
  readonly mode: 'typed';
}
