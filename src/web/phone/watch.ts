import type { Receipt } from '../../core/check-in.wire.ts';
import { ask } from './ask.ts';

const everyMs = 10_000;
const longestMs = 15 * 60_000;

function tells(receipt: Receipt): string {
  return [receipt.status, receipt.time, receipt.minutesLate, receipt.mark].join();
}

/**
 * Looks every ten seconds, while the page is in front, whether the answer still stands: a second phone may claim
 * the number later, or the host may correct the mark.
 * @returns a function that ends it.
 */
export function watchReceipt(receipt: Receipt, onChange: (receipt: Receipt) => void): () => void {
  const end = Date.now() + longestMs;
  let stopped = false;
  const look = async (): Promise<void> => {
    if (stopped || Date.now() > end) return;
    if (!document.hidden) {
      const path = `/api/check-in/${encodeURIComponent(receipt.attempt)}`;
      const answer = await ask<Receipt>(path, 'status');
      if (stopped || answer.kind === 'refused') return;
      if (answer.kind === 'value' && tells(answer.value) !== tells(receipt)) {
        return onChange(answer.value);
      }
    }
    wait();
  };
  const wait = (): void => {
    setTimeout(() => void look(), everyMs * (0.9 + Math.random() / 5));
  };
  wait();
  return () => {
    stopped = true;
  };
}
