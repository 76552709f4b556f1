import { text } from '../message/text.ts';
import { type ListCounts, listKinds } from './list.ts';

/** How many rows would do what, or did; what no row does is not named. */
export function ListTally({ counts, done }: { counts: ListCounts; done: boolean }) {
  const given = listKinds.flatMap((kind) => {
    const count = counts[kind] ?? 0;
    return count > 0 ? [{ kind, count }] : [];
  });
  return (
    <ul class="tally" {...(done ? { role: 'status' } : { 'aria-live': 'polite' })}>
      {given.map(({ kind, count }) => (
        <li key={kind} data-wrong={kind === 'wrong' || undefined}>
          {text(done ? `roster.result-${kind}` : `roster.count-${kind}`, { count })}
        </li>
      ))}
    </ul>
  );
}
