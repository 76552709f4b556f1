import { listPeople } from '../client/people.ts';
import type { PeoplePage, PersonLine } from '../core/people.wire.ts';
import { Back } from './dialogue.ts';
import { granted, type Place } from './place.ts';

const readingMs = 500;

/** After a start the server reads all people into memory first. */
export async function loadPeople(
  place: Place,
  query: string,
  state: string,
  cursor?: string,
): Promise<PeoplePage> {
  for (;;) {
    const page = granted(place, await listPeople(place.visit.send, { query, state }, cursor));
    if (page.indexed >= 1) return page;
    await place.dialogue.rest(readingMs);
  }
}

/** `007  Ada Lovelace` */
export const personLabel = ({ number, name }: Pick<PersonLine, 'number' | 'name'>): string =>
  `${number ?? '-'}  ${name}`;

/**
 * Searches until one of those who were found is chosen.
 * @throws Back
 */
export async function findPerson(place: Place, question: string): Promise<PersonLine> {
  const { dialogue } = place;
  for (;;) {
    const query = await dialogue.ask(`${question}: beginnings of words`);
    const { people, total } = await loadPeople(place, query, 'all');
    if (total === 0) {
      dialogue.say('Nobody was found.');
      continue;
    }
    const choices = people.map((person) => ({ value: person, label: personLabel(person) }));
    try {
      return await dialogue.choose(`Found ${total}`, choices);
    } catch (error) {
      if (!(error instanceof Back)) throw error;
    }
  }
}
