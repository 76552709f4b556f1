// The people who come, in a process of their own. What to do stands in the first argument; it reports to whoever
// started it over the channel between them.
import { setTimeout as sleep } from 'node:timers/promises';
import { Visitor } from '../visitor.ts';
import { makeCode, numberOf } from './lecture.ts';
import type { Acknowledged, Message, RushOptions, RushReport } from './rush.ts';
import { Refusals, RushPhone } from './rush-phone.ts';
import { trustAuthority } from './site-certificate.ts';

const { origin, authority, lecture, perSecond, atOnce } = JSON.parse(
  process.argv[2] as string,
) as RushOptions;
trustAuthority(authority);
const refusals = new Refusals();
const sent: string[] = [];
const acknowledged: Acknowledged[] = [];
const phones = new Set<RushPhone>();
let lastAt: number | null = null;
let gapMs = 0;
let ending = false;

function note(one: Acknowledged): void {
  acknowledged.push(one);
  const now = performance.now();
  if (lastAt !== null) gapMs = Math.max(gapMs, now - lastAt);
  lastAt = now;
}

async function come(index: number): Promise<void> {
  const phone = new RushPhone(origin, refusals);
  phones.add(phone);
  const opening = await phone.scan(() => makeCode(lecture));
  if (opening !== null) {
    const number = numberOf(index);
    const attempt = Visitor.attempt(opening.ticket);
    sent.push(attempt);
    const reply = await phone.submit(opening, number, attempt, index % 7 === 0);
    if (reply !== null) {
      const { status, already, number: told, proof } = reply.value;
      if (status !== 'present' || already || told !== number)
        refusals.wonder(`a receipt of ${told}: ${status}, already ${already}`);
      note({ attempt, number, proof });
    }
  }
  phones.delete(phone);
}

/** So many a second; whoever finds too many waiting comes later. */
async function rush(): Promise<void> {
  const started = performance.now();
  let count = 0;
  while (!ending && count < lecture.enrolled) {
    const due = Math.floor(((performance.now() - started) / 1_000) * perSecond);
    while (count < due && count < lecture.enrolled && phones.size < atOnce) {
      void come(count);
      count += 1;
    }
    await sleep(10);
  }
  if (!ending) refusals.wonder('everybody has come before the end');
}

function told(): RushReport['refusals'] {
  const { later, broken, odd } = refusals;
  return { later, broken: Object.fromEntries(broken), odd: Object.fromEntries(odd) };
}

process.on('disconnect', () => process.exit(1));
process.on('message', async ({ graceMs }: { graceMs: number }) => {
  ending = true;
  const until = performance.now() + graceMs;
  while (phones.size > 0 && performance.now() < until) await sleep(20);
  for (const phone of phones) phone.giveUp();
  if (phones.size > 0) refusals.wonder(`${phones.size} phones never answered`);
  const report = { sent, acknowledged, refusals: told(), gapMs: Math.round(gapMs) };
  process.send?.({ report } satisfies Message, () => process.exit(0));
});
const progress = setInterval(
  () =>
    process.send?.({
      acknowledged: acknowledged.length,
      waiting: phones.size,
      refusals: told(),
    } satisfies Message),
  50,
);
await rush();
if (ending) clearInterval(progress);
