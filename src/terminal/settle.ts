import { loadBoard, settleClaim } from '../client/session.ts';
import type { BoardPerson } from '../core/session.wire.ts';
import { granted, type Place, runMenu } from './place.ts';

/** People whom two phones claim: whoever shows the right phone is in. */
export const settleClaims = (place: Place, session: string): Promise<void> =>
  runMenu(
    place,
    () => 'In dispute',
    async () => {
      const { people } = granted(place, await loadBoard(place.visit.send, session));
      const open = people.filter(({ record }) => record.pending);
      if (open.length === 0) place.dialogue.say('Nothing is in dispute.');
      return open.map((person) => ({
        label: `${person.number}  ${person.name}`,
        hint: `${person.claims.length} phones`,
        run: () => settle(place, session, person),
      }));
    },
  );

async function settle(place: Place, session: string, person: BoardPerson): Promise<void> {
  const { dialogue, visit } = place;
  const keep = await dialogue.choose(`Which phone is that of ${person.name}?`, [
    ...person.claims.map(({ claim, mark }) => ({
      value: claim as string | null,
      label: `The one that shows ${mark}`,
    })),
    { value: null, label: 'Neither of them' },
  ]);
  granted(place, await settleClaim(visit.send, session, person.id, keep));
  dialogue.say(keep === null ? 'Neither counts.' : `${person.name} is in.`);
}
