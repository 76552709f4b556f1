import type { Opening, Receipt } from '../../core/check-in.wire.ts';
import type { PhonePage } from '../../core/phone-page.wire.ts';
import type { RefusalCode, RefusalDetail } from '../../core/refusal.ts';
import { ask } from './ask.ts';
import { attemptFor, dropAttempt, restAttempt, unanswered, type Waiting } from './attempt.ts';
import { type FormOptions, showForm } from './check-in.ts';
import { button } from './element.ts';
import { text } from './message-en.ts';
import { persist } from './persist.ts';
import { forgetPerson, keepPerson, type Person, recallPerson } from './person.ts';
import './phone.css';
import { showReceipt } from './receipt.ts';
import { keepReceipt, receiptList, receiptOfLink } from './receipt-list.ts';
import { sentencesOf, showRefusal, wayOn } from './refusal.ts';
import { speakOf } from './say.ts';
import { setOrganisation } from './screen.ts';
import { showTypedCode } from './typed-code.ts';
import { showUnsent } from './unsent.ts';
import { watchReceipt } from './watch.ts';

// The way through the screens: form or typed code, then sending, then an answer or a refusal.
const page = JSON.parse(
  (document.getElementById('opening') as HTMLElement).textContent,
) as PhonePage;
let opening: Opening | undefined;
let until = 0;
let asksName = false;
/** Ends what the screen that is being left still has running. */
let leave = (): void => {};

function open(fresh: Opening): void {
  opening = fresh;
  until = Date.now() + fresh.ticketMs;
  asksName = fresh.asksName;
}

function toFirst(): void {
  if (opening) toForm();
  else if (page.mode === 'refused') toRefusal(page.code, page.detail);
  else toTypedCode();
}

function toForm(wrong: Pick<FormOptions, 'notice' | 'wrongNumber' | 'wrongName'> = {}): void {
  if (!opening) {
    toFirst();
    return;
  }
  leave();
  const read = showForm({
    opening,
    asksName,
    person: recallPerson(),
    ...wrong,
    onSend: checkIn,
    onForget: () => {
      forgetPerson();
      toForm();
    },
  });
  const timer = setTimeout(() => {
    keepPerson(read());
    toRefusal('ticket-expired');
  }, until - Date.now());
  leave = () => clearTimeout(timer);
}

function checkIn(person: Person): void {
  const { number, name } = person;
  keepPerson(person);
  if (!opening || !number) refused('number-missing');
  else if (opening.asksName && !name) refused('name-missing');
  else {
    const body = { ticket: opening.ticket, number };
    void send(attemptFor(asksName && name ? { ...body, name } : body, opening.session, until));
  }
}

/** @param again: it had its first try before, so the screen says at once that it is on its way. */
async function send(waiting: Waiting, again = false): Promise<void> {
  leave();
  const persistence = {
    stopped: false,
    onSilence: () => showUnsent(Date.now() > waiting.until, stop),
  };
  const stop = (): void => {
    persistence.stopped = true;
    restAttempt(waiting);
    toFirst();
  };
  if (again) persistence.onSilence();
  const answer = await persist<Receipt>('/api/check-in', 'attempt', waiting.request, persistence);
  if (!answer) return;
  if (answer.kind === 'refused') return refused(answer.code, answer.detail, waiting);
  dropAttempt();
  toReceipt(answer.value, keepReceipt(answer.value));
}

function refused(code: RefusalCode, detail?: RefusalDetail, waiting?: Waiting): void {
  const way = wayOn(code);
  if (way !== 'again') dropAttempt();
  if (way === 'name') asksName = true;
  const sentence = sentencesOf(code, detail).join('. ');
  if (code === 'name-missing' && !opening?.asksName) toForm({ wrongNumber: text.numberUnknown });
  else if (way === 'number') toForm({ wrongNumber: sentence });
  else if (way === 'name') toForm({ wrongName: sentence });
  else if (way === 'form') toForm({ notice: sentence });
  else if (
    way === 'scan-or-type' &&
    opening &&
    !(waiting && waiting.request.ticket === opening.ticket)
  ) {
    // taken up again after a reload that brought a fresh ticket
    toForm({ notice: text.resumed });
  } else toRefusal(code, detail, waiting);
}

function toRefusal(code: RefusalCode, detail?: RefusalDetail, waiting?: Waiting): void {
  leave();
  // a spent ticket opens no form any more
  if (wayOn(code) === 'scan-or-type') opening = undefined;
  showRefusal(
    code,
    detail,
    {
      onType: () => toTypedCode(),
      onAgain: waiting ? () => void send(waiting, true) : () => location.reload(),
      onBack: opening && wayOn(code) === 'host' ? () => toForm() : undefined,
    },
    receiptList(toKept),
  );
}

function toTypedCode(value = '', wrong?: string): void {
  leave();
  showTypedCode(value, wrong, (code) => void openTyped(code), receiptList(toKept));
}

async function openTyped(code: string): Promise<void> {
  const answer = await ask<Opening>('/api/typed-code', 'ticket', { code });
  if (answer.kind === 'value') {
    open(answer.value);
    return toForm();
  }
  const known = answer.code;
  if (!known) return toTypedCode(code, text.unanswered);
  const way = wayOn(known);
  if (way === 'code' || way === 'again') toTypedCode(code, sentencesOf(known).join('. '));
  else toRefusal(known, answer.kind === 'refused' ? answer.detail : undefined);
}

function toReceipt(receipt: Receipt, kept: boolean, goBack = false): void {
  leave();
  showReceipt(receipt, kept, goBack && button(text.back, toFirst));
  leave = watchReceipt(receipt, (changed) => toReceipt(changed, keepReceipt(changed), goBack));
}

function toKept(receipt: Receipt): void {
  toReceipt(receipt, true, true);
}

function start(): void {
  setOrganisation(page.organisation);
  speakOf(page.words || 'school');
  if (page.mode === 'form') open(page.opening);
  const waiting = unanswered();
  const kept = page.mode === 'typed' ? undefined : receiptOfLink();
  if (waiting && (!opening || opening.session === waiting.session)) {
    void send(waiting, true);
  } else if (kept) toKept(kept);
  else if (page.mode === 'form' && !page.browserKnown && !navigator.cookieEnabled) {
    toRefusal('cookies-needed');
  } else toFirst();
}

start();
