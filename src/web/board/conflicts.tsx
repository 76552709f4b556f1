import { settleClaim } from '../../client/session.ts';
import type { BoardPerson } from '../../core/session.wire.ts';
import { may } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { Button } from '../part/button.tsx';
import { StatusMark } from '../part/status-mark.tsx';
import { useBoard, useBoardState, useDeed } from './board-context.ts';
import { clockSeconds } from './clock-text.ts';
import './conflicts.css';

/** Numbers that several phones claim: one touch on the mark of the right phone settles it. */
export function Conflicts({ people }: { people: readonly BoardPerson[] }) {
  if (people.length === 0) return null;
  return (
    <section class="conflicts" role="alert">
      <div>
        <h2>
          <StatusMark
            mark="conflict"
            label={text('board.conflict-title', { count: people.length })}
          />
        </h2>
        <p>{text('board.conflict-lead')}</p>
      </div>
      {people.map((person) => (
        <Conflict key={person.id} person={person} />
      ))}
    </section>
  );
}

/** The claims on one person. */
export function Conflict({ person }: { person: BoardPerson }) {
  const { id } = useBoard();
  const { session } = useBoardState();
  const deed = useDeed();
  const name = person.name || person.number;
  const maySettle = may('session.settle');
  const settle = (keep: string | null) =>
    void deed(settleClaim(send, id, person.id, keep), text('board.conflict-settled', { name }));
  return (
    <div class="conflict">
      <p class="conflict-who">
        <bdi>{name}</bdi> <bdi class="quiet">{person.number}</bdi>
      </p>
      <div class="conflict-claims">
        {person.claims.map(({ claim, mark, at }) => {
          const time = clockSeconds(at, session.zone);
          return (
            <button
              key={claim}
              type="button"
              class="claim"
              disabled={!maySettle}
              aria-label={text('board.conflict-keep', { mark, time })}
              onClick={() => settle(claim)}
            >
              <span class="claim-mark">{mark}</span>
              <span class="small">{text('board.conflict-keep-word')}</span>
              <span class="small quiet">{time}</span>
            </button>
          );
        })}
        {maySettle && (
          <Button onClick={() => settle(null)}>{text('board.conflict-neither')}</Button>
        )}
      </div>
    </div>
  );
}
