import { loadBoard, registerCsvUrl } from '../../client/session.ts';
import { deriveTally } from '../../core/rate.ts';
import type { Board, BoardPerson } from '../../core/session.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { dateText, rateText } from '../message/when.ts';
import { Button, ButtonLink } from '../part/button.tsx';
import { Loaded, useLoaded } from '../part/loaded.tsx';
import { Page } from '../part/page.tsx';
import { StatusMark } from '../part/status-mark.tsx';
import { titleOf } from '../session/title.ts';
import { clockText } from './clock-text.ts';
import { listPeople } from './list.ts';
import { markOf } from './name-row.tsx';
import { openBoard } from './state.ts';
import './register.css';

/** One session's register on paper: every name with its mark, totals, a line to sign. */
export function RegisterPage({ id }: { id: string }) {
  const board = useLoaded(() => loadBoard(send, id), `register ${id}`);
  const title = board.value ? text('register.title', { title: titleOf(board.value) }) : '';
  return (
    <Page
      title={title}
      up={{ href: `/app/sessions/${id}`, label: text('board.to-board') }}
      actions={
        <>
          <Button onClick={() => print()}>{text('part.print')}</Button>
          <ButtonLink href={registerCsvUrl(id)} download>
            {text('board.csv')}
          </ButtonLink>
        </>
      }
    >
      <Loaded of={board} lines={12}>
        {(value) => <Sheet board={value} />}
      </Loaded>
    </Page>
  );
}

function Sheet({ board }: { board: Board }) {
  const { people } = openBoard(board);
  const rows = listPeople(people, { tab: 'all', order: 'number', query: '' }, board.state);
  const { zone, startsAt, endsAt } = board;
  return (
    <>
      <dl class="register-facts">
        <Fact label={text('register.group')} value={board.groupName ?? text('board.quick-roll')} />
        <Fact label={text('register.date')} value={dateText(board.date)} />
        <Fact label={text('register.start')} value={`${clockText(startsAt, zone)} (${zone})`} />
        {endsAt !== null && <Fact label={text('register.end')} value={clockText(endsAt, zone)} />}
        <Fact label={text('register.state')} value={text(`board.${board.state}`)} />
      </dl>
      {board.state === 'open' && <p>{text('register.unclosed')}</p>}
      <div class="register-scroll">
        <table class="register">
          <thead>
            <tr>
              {(['number', 'name', 'status', 'time', 'late', 'how', 'note'] as const).map(
                (head) => (
                  <th key={head} scope="col" class={`register-${head}`}>
                    {text(`register.${head}`)}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((person) => (
              <Row key={person.id} person={person} zone={zone} />
            ))}
          </tbody>
        </table>
      </div>
      <Totals board={board} />
      <p class="register-sign">
        <span>{text('register.signature')}</span>
        <span>
          {text('register.as-of', {
            time: `${dateText(board.date)}, ${clockText(board.serverTime, zone)}`,
          })}
        </span>
      </p>
    </>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Row({ person, zone }: { person: BoardPerson; zone: string }) {
  const { number, name, record, note, guest } = person;
  const came = record.at !== null && record.how !== 'closing';
  return (
    <tr>
      <td class="register-number">
        <bdi>{number}</bdi>
      </td>
      <th scope="row" class="register-name">
        <bdi>{name}</bdi>
        {guest && <span class="quiet"> ({text('board.guest')})</span>}
      </th>
      <td>
        <StatusMark mark={markOf(person)} />
      </td>
      <td class="register-time">{came && record.at !== null && clockText(record.at, zone)}</td>
      <td class="register-late">{record.minutesLate > 0 && record.minutesLate}</td>
      <td class="register-how">{record.how && text(`board.how-${record.how}`)}</td>
      <td class="register-note">{note}</td>
    </tr>
  );
}

function Totals({ board }: { board: Board }) {
  const tally = deriveTally(
    board.people.map(({ record }) => record),
    board.state,
  );
  const came = tally.present + tally.late;
  const counted = came + tally.absent + tally.missing;
  return (
    <p class="register-totals">
      <strong>{text('register.totals')}</strong>
      {(['present', 'late', 'absent', 'excused', 'pending'] as const).map((mark) => (
        <span key={mark}>
          <StatusMark mark={mark} /> {tally[mark]}
        </span>
      ))}
      {tally.missing > 0 && (
        <span>
          <StatusMark mark="none" /> {tally.missing}
        </span>
      )}
      {counted > 0 && <span>{text('register.rate', { rate: rateText(came / counted) })}</span>}
    </p>
  );
}
