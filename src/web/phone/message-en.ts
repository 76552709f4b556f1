import type { Receipt } from '../../core/check-in.wire.ts';
import type { RefusalCode } from '../../core/refusal.ts';

/** What happened, and the sentence that explains it and says what to do. */
export type Sentence = readonly [title: string, text: string];

/** Text of the document around the script: the build hands it to the server. */
export const documentWords = {
  language: 'en',
  title: 'Check in',
  privacy: 'Which data are kept, and for how long',
  noScript:
    'This page needs JavaScript, which is off in this browser. Open the link in another browser, or ask the person who takes the attendance to mark you by hand.',
} as const;

/** `{host}` stands for the one who takes the attendance. */
export const hosts = { school: 'your teacher', work: 'your supervisor' } as const;

export const text = {
  number: 'Your number',
  numberHint: 'As on your card or list, letters included.',
  numberUnknown: 'Not on the list. Correct the number, or type your name too.',
  name: 'Your name',
  notYou: 'Not you?',
  here: 'I am here',
  sending: 'Sending',
  unsent: 'Not sent yet, still trying',
  unsentText:
    'Your place is kept: what counts is when you opened the code. Keep this page open and check that the phone is on the right Wi-Fi.',
  unsentLate:
    'Still no answer, still trying. If it takes much longer, scan the code on the board again or ask {host}.',
  unanswered: 'No answer. Check that the phone is on the right Wi-Fi, then press the button again.',
  stop: 'Stop trying',
  resumed: 'Your first try did not get through. Please send it again.',
  typed: 'Type the code',
  typedLabel: 'Six characters from the board',
  typedHint: 'They change every minute. Capitals or small letters, both work.',
  next: 'Next',
  typeInstead: 'Type the six characters',
  scan: 'Scan the code on the board again with your camera, or type the six characters beside it.',
  scanOnly: 'Scan the code on the board again with your camera.',
  ask: 'Show this page to {host}.',
  again: 'Try again',
  back: 'Back',
  late: '{minutes} min late',
  already: 'Already in since',
  show: 'Show this:',
  bearer: 'Number {number}',
  kept: 'Receipt {mark} · {proof}',
  stays: 'This receipt stays on this phone.',
  receipts: 'Your receipts',
} as const;

/** The large word of an answer, and the sentence below it. */
export const statuses: Readonly<Record<Receipt['status'], Sentence>> = {
  present: ['Present', ''],
  late: ['Late', ''],
  absent: ['Absent', '{Host} marked you absent. If that is wrong, say so now.'],
  excused: ['Excused', '{Host} marked you excused.'],
  pending: ['See {host}', 'Another phone gave this number too. {Host} settles it with one touch.'],
  none: ['Not counted', '{Host} took this mark back. If you are here, say so now.'],
};

/** For a code that is not below. */
export const unknownRefusal: Sentence = ['That did not work', 'Try again, or ask {host}.'];

/** Every refusal that a phone can meet. */
export const refusals = {
  'code-malformed': ['Not a code', 'A code has six letters and digits, as on the board.'],
  'code-unknown': ['Unknown code', 'This link does not belong to a session here.'],
  'code-expired': ['This code has changed', 'A code works for a few seconds only.'],
  'code-replaced': ['This code was replaced', 'There is a new one on the board.'],
  'code-paused': ['Check-in is paused', 'Wait until the board shows a code again.'],
  'typed-code-wrong': ['Not the code on the board', 'Type the six characters it shows now.'],
  'typed-code-off': ['Typing is switched off', 'This session takes scanned codes only.'],
  'ticket-invalid': ['Please open a new code', 'This page cannot be used to check in.'],
  'ticket-expired': ['This page has run out', 'You have two minutes after opening a code.'],
  'ticket-other-browser': ['Another browser', 'The code was opened in another browser or app.'],
  'ticket-used': ['Already used', 'This page has checked somebody in before.'],
  'session-not-open': ['Not open yet', 'Wait until the board shows a code, then scan it.'],
  'session-closed': ['Check-in is closed', 'If you are here, {host} can still mark you.'],
  'session-cancelled': ['Cancelled', 'This session does not take place.'],
  'session-full': ['The list is full', 'Ask {host}.'],
  'attempt-reused': ['Please send it again', 'The first try did not count.'],
  'number-missing': ['Your number is missing', 'Type it here.'],
  'number-malformed': ['Not a number', 'Letters, digits and . / - _ only, at most 32.'],
  'name-missing': ['Your name is missing', 'Type it as it should stand on the list.'],
  'name-malformed': ['Not a name', 'At most 120 characters.'],
  'not-on-roster': ['Not on the list', 'Check the number. If it is right, ask {host}.'],
  'browser-already-used': ['One person per phone', 'This phone has checked in another number.'],
  'see-host': ['Marked {status}', 'Only {host} can change that.'],
  'cookies-needed': [
    'Cookies are off',
    'Turn them on or leave private browsing, then scan the code again. {Host} can also mark you by hand.',
  ],
  'not-found': ['Nothing here', 'This link is not complete.'],
  'input-invalid': ['Not accepted', 'Check what you typed.'],
  'too-large': ['Too long', 'Check what you typed.'],
  throttled: ['Too many wrong tries', 'Wait a minute, then type what the board shows now.'],
  busy: ['Too busy right now', 'Try again in a moment.'],
  'database-away': ['No answer right now', 'Nothing was lost. Try again in a moment.'],
  'disk-full': ['It cannot be saved now', 'Tell {host} that the disk is full, then try again.'],
  internal: ['Something went wrong', 'It is not your fault. Try again; if it stays, ask {host}.'],
} as const satisfies Partial<Record<RefusalCode, Sentence>>;
