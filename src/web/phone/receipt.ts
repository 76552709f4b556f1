import type { Receipt } from '../../core/check-in.wire.ts';
import { type Child, make, paragraph } from './element.ts';
import { glyph } from './glyph.ts';
import { statuses, text } from './message-en.ts';
import { say } from './say.ts';
import { announce, heading, show } from './screen.ts';
import './receipt.css';

/** Fills the screen with an answer: shape, word and time are read at arm's length. */
export function showReceipt(receipt: Receipt, kept: boolean, below: Child): void {
  const { status, time, mark } = receipt;
  const [word, explanation] = statuses[status].map((sentence) => say(sentence)) as [string, string];
  const repeated = receipt.already && (status === 'present' || status === 'late');
  const title = repeated ? text.already : word;
  const late = status === 'late' ? say(text.late, { minutes: receipt.minutesLate }) : '';
  const disputed = status === 'pending';
  show(
    `answer ${status}`,
    make(
      'div',
      { class: 'signal' },
      glyph(status),
      heading(title),
      paragraph(disputed ? text.show : '', 'explanation'),
      paragraph(disputed ? mark : time, 'large'),
      paragraph(late, 'minutes'),
      paragraph(explanation, 'explanation'),
    ),
    paragraph(receipt.session, 'session'),
    paragraph(say(text.bearer, { number: receipt.number }), 'number'),
    paragraph(`${disputed ? `${time} · ` : ''}${receipt.day} · ${receipt.zone}`, 'day'),
    paragraph(say(text.kept, { mark, proof: receipt.proof }), 'proof'),
    paragraph(kept ? text.stays : '', 'proof'),
    below,
  );
  document.title = `${title} ${time} · ${receipt.session}`;
  announce(
    [title, disputed ? `${text.show} ${mark.split('').join(' ')}` : time, late, explanation]
      .concat(receipt.session)
      .filter(Boolean)
      .join(', '),
  );
}
