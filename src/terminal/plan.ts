import { openSession, type SessionPlan } from '../client/session.ts';
import { aDay, askFor, askMaybe, aTime } from './ask-when.ts';
import { granted, type Place } from './place.ts';
import { dayAndTime } from './when.ts';

/** Plans a session of a group for later; it opens by itself. Its id. */
export async function planSession(place: Place, group: string): Promise<string> {
  const { dialogue, visit, me, now } = place;
  const title = await dialogue.ask('Title (may stay empty)', { optional: true });
  const [today] = dayAndTime(now(), me.zone).split(' ');
  const day = await askFor(place, 'Day', aDay, today);
  const begins = await askFor(place, 'Begins (09:30)', aTime);
  const ends = await askMaybe(place, 'Ends (may stay empty)', aTime);
  const span = spanOf(day, { begins, ends }, me.zone);
  const plan = { group, ...(title ? { title } : {}), ...span };
  const { id } = granted(place, await openSession(visit.send, plan));
  const until = span.endsAt === undefined ? '' : ` until ${dayAndTime(span.endsAt, me.zone)}`;
  dialogue.say(`From ${dayAndTime(span.startsAt, me.zone)}${until}.`);
  return id;
}

/** Instants of the clock's times in a zone. An end that is not after the beginning is of the next day. */
export function spanOf(
  day: Temporal.PlainDate,
  {
    begins,
    ends,
  }: { readonly begins: Temporal.PlainTime; readonly ends: Temporal.PlainTime | null },
  zone: string,
): Required<Pick<SessionPlan, 'startsAt'>> & Pick<SessionPlan, 'endsAt'> {
  const at = (date: Temporal.PlainDate, plainTime: Temporal.PlainTime): number =>
    date.toZonedDateTime({ timeZone: zone, plainTime }).epochMilliseconds;
  const startsAt = at(day, begins);
  if (ends === null) return { startsAt };
  const isNextDay = Temporal.PlainTime.compare(ends, begins) <= 0;
  return { startsAt, endsAt: at(isNextDay ? day.add({ days: 1 }) : day, ends) };
}
