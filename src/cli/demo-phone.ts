import { randomUUID } from 'node:crypto';
import type { Receipt } from '../core/check-in.wire.ts';
import type { PhonePage } from '../core/phone-page.wire.ts';
import type { Problem } from '../core/problem.wire.ts';

/** What a phone shows at the end. */
export type PhoneAnswer =
  | { readonly ok: true; readonly receipt: Receipt }
  | { readonly ok: false; readonly code: string };

/**
 * One student's phone: opens the link of the code with a browser of its own, takes the ticket out of the page and
 * sends number and name. Only what any phone can do.
 */
export async function checkInWithPhone(
  link: string,
  { number, name }: { number: string; name: string },
): Promise<PhoneAnswer> {
  const response = await fetch(link);
  const page = readPage(await response.text());
  if (page.mode !== 'form')
    return { ok: false, code: page.mode === 'refused' ? page.code : 'typed' };
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const { ticket, asksName } = page.opening;
  const send = async (body: object): Promise<PhoneAnswer> => {
    const answer = await fetch(new URL('/api/check-in', link), {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify({ attempt: randomUUID(), ticket, number, ...body }),
    });
    const value: unknown = await answer.json();
    return answer.ok
      ? { ok: true, receipt: value as Receipt }
      : { ok: false, code: (value as Problem).code };
  };
  const first = await send(asksName ? { name } : {});
  // a number that is on no roster: the page asks for the name then
  return !first.ok && first.code === 'name-missing' ? send({ name }) : first;
}

function readPage(html: string): PhonePage {
  const json = /<script type="application\/json" id="opening">(.*?)<\/script>/s.exec(html)?.[1];
  return JSON.parse(json ?? '{"mode":"typed"}') as PhonePage;
}
