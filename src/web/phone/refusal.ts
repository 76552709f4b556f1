import type { RefusalCode, RefusalDetail } from '../../core/refusal.ts';
import { button, type Child, paragraph } from './element.ts';
import { refusals, type Sentence, text, unknownRefusal } from './message-en.ts';
import { say } from './say.ts';
import { heading, show } from './screen.ts';
import './refusal.css';

/** How one goes on: at a field of the form, with a fresh code, by the host's hand, or by sending again. */
type Way =
  | 'number'
  | 'name'
  | 'code'
  | 'scan-or-type'
  | 'scan'
  | 'host'
  | 'again'
  | 'form'
  | 'wait';

const ways: Readonly<Partial<Record<RefusalCode, Way>>> = {
  'number-missing': 'number',
  'number-malformed': 'number',
  'not-on-roster': 'number',
  'name-missing': 'name',
  'name-malformed': 'name',
  'code-malformed': 'code',
  'typed-code-wrong': 'code',
  throttled: 'code',
  'typed-code-off': 'scan',
  'cookies-needed': 'scan',
  'session-not-open': 'wait',
  'code-paused': 'wait',
  'session-closed': 'host',
  'session-cancelled': 'wait',
  'browser-already-used': 'host',
  'see-host': 'host',
  'attempt-reused': 'form',
  'input-invalid': 'form',
  'too-large': 'form',
  busy: 'again',
  'database-away': 'again',
  'disk-full': 'again',
  internal: 'again',
};

export function wayOn(code: RefusalCode): Way {
  return ways[code] || 'scan-or-type';
}

export function sentencesOf(code: RefusalCode, detail?: RefusalDetail): [string, string] {
  const known: Readonly<Partial<Record<RefusalCode, Sentence>>> = refusals;
  const [title, explanation] = known[code] || unknownRefusal;
  return [say(title, detail), say(explanation, detail)];
}

export interface RefusalActions {
  readonly onType: () => void;
  readonly onAgain: (() => void) | undefined;
  readonly onBack: (() => void) | undefined;
}

/** A refusal that concerns no field: what happened, what to do next, and the button for it. */
export function showRefusal(
  code: RefusalCode,
  detail: RefusalDetail | undefined,
  { onType, onAgain, onBack }: RefusalActions,
  below: Child,
): void {
  const way = wayOn(code);
  const [title, explanation] = sentencesOf(code, detail);
  const typing = way === 'scan-or-type' || way === 'code';
  const next = typing ? text.scan : way === 'scan' ? text.scanOnly : way === 'host' ? text.ask : '';
  show(
    'refused',
    heading(title),
    paragraph(explanation),
    paragraph(say(next), 'next'),
    way === 'again' && onAgain && button(text.again, onAgain, 'primary'),
    typing && button(text.typeInstead, onType, 'primary'),
    onBack && button(text.back, onBack),
    below,
  );
}
