import { erasePerson } from '../client/erasure.ts';
import { changeHold, listHolds } from '../client/legal-hold.ts';
import type { PersonView } from '../core/people.wire.ts';
import { granted, type Place } from './place.ts';
import { dayAndTime } from './when.ts';

/** Keeps a person's data from erasure, or lets them go again. */
export async function placeHold(place: Place, person: PersonView): Promise<void> {
  const { dialogue, visit } = place;
  const verb = person.held ? 'lift' : 'place';
  const reason = await dialogue.ask(person.held ? 'Why is it lifted?' : 'Why must it be kept?');
  granted(place, await changeHold(visit.send, person.person, verb, reason));
  dialogue.say(
    verb === 'place'
      ? `${person.name} is neither erased nor merged away until the hold is lifted.`
      : 'The legal hold is lifted.',
  );
}

/** Erases by the typed name; a legal hold is told before anything is asked. Whether it was done. */
export async function eraseForGood(place: Place, person: PersonView): Promise<boolean> {
  const { dialogue, visit, me } = place;
  if (person.held) {
    const { holds } = granted(place, await listHolds(visit.send, person.person));
    for (const { placedAt, placedBy, reason } of holds) {
      const by = placedBy.name ?? placedBy.id;
      dialogue.say(`Legal hold since ${dayAndTime(placedAt, me.zone)}, by ${by}: ${reason}`);
    }
    dialogue.complain('The legal hold has to be lifted first.');
    return false;
  }
  dialogue.say(
    'Name, number and everything personal go for ever; marks and times stay, without a name.',
  );
  const name = await dialogue.ask(`Type the name to erase (${person.name})`);
  granted(place, await erasePerson(visit.send, person.person, { name }));
  dialogue.say('The person is erased. Older backups and key folders have to go too.');
  return true;
}
