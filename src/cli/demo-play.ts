import { setTimeout } from 'node:timers/promises';
import { demoWaitMs, planArrivals, walkIn } from './demo-class.ts';
import { checkInWithPhone, type PhoneAnswer } from './demo-phone.ts';

/**
 * Lets the whole class check in, each phone with the code that is shown at its moment.
 * @param link the link of the code that is shown now
 * @param signal ends it early, without a word
 */
export async function playClass(
  link: () => string,
  { say, signal }: { say: (line: string) => void; signal: AbortSignal },
): Promise<void> {
  const answers = await Promise.all(
    planArrivals(Math.random).map(async ({ afterMs, who }): Promise<PhoneAnswer> => {
      try {
        await setTimeout(demoWaitMs + afterMs, undefined, { signal });
        const answer = await checkInWithPhone(link(), who);
        if (who === walkIn && answer.ok)
          say(`${who.name} is not on the roster: a guest, to be settled on the board.`);
        return answer;
      } catch (error) {
        return { ok: false, code: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
  if (!signal.aborted) say(summarise(answers));
}

function summarise(answers: readonly PhoneAnswer[]): string {
  const came = answers.filter((answer) => answer.ok);
  const late = came.filter(({ receipt }) => receipt.status === 'late');
  const disputed = answers.some((answer) =>
    answer.ok ? answer.receipt.status === 'pending' : answer.code === 'see-host',
  );
  const refused = answers.flatMap((answer) =>
    answer.ok || answer.code === 'see-host' ? [] : [answer.code],
  );
  return [
    `${came.length} check-ins, ${late.length} of them late.`,
    ...(disputed ? ['One number is claimed by two phones: settle it on the board.'] : []),
    ...(refused.length > 0 ? [`Refused: ${refused.join(', ')}.`] : []),
  ].join(' ');
}
