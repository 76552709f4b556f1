import { attended } from '../../core/status.ts';
import { text } from '../message/text.ts';
import { useQuery } from '../part/query.ts';
import { type BoardState, tallyOf } from './state.ts';

const lastShown = 5;

/** Counts along the foot, and the last arrivals by name where the host has switched them on. */
export function ProjectorSums({ state }: { state: BoardState }) {
  const [names] = useQuery('names');
  const [counts] = useQuery('counts');
  const tally = tallyOf(state.session, state.people);
  const last = [...state.people.values()]
    .filter(({ record }) => !record.pending && attended(record.status) && record.how !== 'host')
    .sort((left, right) => (right.record.at ?? 0) - (left.record.at ?? 0))
    .slice(0, lastShown);
  return (
    <footer class="projector-foot">
      {counts !== 'no' && (
        <p class="projector-sums">
          <strong>{text('projector.here', { count: tally.present + tally.late })}</strong>
          {tally.late > 0 && <span>{text('projector.late', { count: tally.late })}</span>}
          {tally.missing > 0 && <span>{text('projector.missing', { count: tally.missing })}</span>}
        </p>
      )}
      {names === 'yes' && last.length > 0 && (
        <ol class="projector-last" aria-label={text('projector.last')}>
          {last.map(({ id, name, number }) => (
            <li key={id}>
              <bdi>{name || number}</bdi>
            </li>
          ))}
        </ol>
      )}
    </footer>
  );
}
