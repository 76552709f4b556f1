import type { Receipt } from '../../core/check-in.wire.ts';
import { type Child, make } from './element.ts';
import { glyph } from './glyph.ts';
import { keep, recall } from './memory.ts';
import { statuses, text } from './message-en.ts';
import { say } from './say.ts';
import './receipt-list.css';

interface Kept {
  readonly receipt: Receipt;
  /** The link it came from: opened again, it shows the receipt. */
  readonly path: string;
}

const most = 20;

function list(): readonly Kept[] {
  const kept = recall<Kept[]>('receipts');
  return Array.isArray(kept) ? kept : [];
}

/** A repeat is another attempt with the same answer. */
function isSame(left: Receipt, right: Receipt): boolean {
  return (
    left.attempt === right.attempt ||
    (left.session === right.session && left.day === right.day && left.time === right.time)
  );
}

/** @returns whether it outlives the page. */
export function keepReceipt(receipt: Receipt): boolean {
  const before = list();
  const others = before.filter((kept) => !isSame(kept.receipt, receipt));
  const same = before.filter((kept) => kept.receipt.attempt === receipt.attempt)[0];
  const path = same ? same.path : location.pathname;
  return keep('receipts', [{ receipt, path }, ...others].slice(0, most));
}

/** The receipt that this very link brought before. */
export function receiptOfLink(): Receipt | undefined {
  return list().find(({ path }) => path === location.pathname)?.receipt;
}

/** Every receipt of this phone, newest first; nothing where there is none. */
export function receiptList(onOpen: (receipt: Receipt) => void): Child {
  const rows = list().map(({ receipt }) =>
    make(
      'li',
      {},
      make(
        'button',
        { type: 'button', class: 'receipt', click: () => onOpen(receipt) },
        make('span', { class: receipt.status }, glyph(receipt.status)),
        make(
          'span',
          {},
          make('b', { dir: 'auto' }, receipt.session),
          make(
            'small',
            {},
            `${say(statuses[receipt.status][0])} · ${receipt.time} · ${receipt.day}`,
          ),
        ),
      ),
    ),
  );
  if (!rows.length) return undefined;
  return make('section', {}, make('h2', {}, text.receipts), make('ul', {}, ...rows));
}
