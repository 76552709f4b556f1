import type { AuditLine, AuditPerson } from '../../core/audit.wire.ts';
import { eventWord } from '../../core/event-word.ts';
import { destroyedText } from '../message/destroyed-text.ts';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import '../part/table.css';
import './audit.css';
import { Changes } from './changes.tsx';

/** Events as rows; a name in a row shows that person's events alone. */
export function AuditTable(props: {
  rows: readonly AuditLine[];
  onActor: (id: string) => void;
  onSubject: (id: string) => void;
}) {
  const heads = ['when', 'what', 'actor', 'subject', 'device'] as const;
  return (
    <div class="table-frame">
      <div class="table-scroll">
        <table class="table audit-table">
          <caption class="unseen">{text('audit.title')}</caption>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col" class={head === 'device' ? 'away' : undefined}>
                  <span class="table-sort">{text(`audit.${head}`)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {props.rows.map((row) => (
              <tr key={row.id}>
                <td>
                  <time dateTime={new Date(row.at).toISOString()}>{momentText(row.at)}</time>
                </td>
                <th scope="row" class="wrap">
                  <span class="audit-what">{eventWord(row.type)}</span>
                  <Details row={row} />
                </th>
                <td class="wrap">
                  <Who person={row.actor} onChoose={props.onActor} />
                </td>
                <td class="wrap">
                  {row.subject && <Who person={row.subject} onChoose={props.onSubject} />}
                </td>
                <td class="away wrap small">{originText(row)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Who({ person, onChoose }: { person: AuditPerson; onChoose: (id: string) => void }) {
  return (
    <button type="button" class="audit-who" onClick={() => onChoose(person.id)}>
      {nameOf(person)}
    </button>
  );
}

const programs = ['phone', 'terminal', 'job', 'operator', 'nobody', 'registration'] as const;

/** What a person or a program is called. */
export function nameOf({ id, name }: AuditPerson): string {
  const program = programs.find((known) => known === id);
  return name ?? (program ? text(`audit.actor-${program}`) : text('audit.nobody'));
}

/** From which device and address it was done, or at which of the organisation's own machines. */
function originText({ device, address, place, terminal }: AuditLine): string {
  const machine =
    place === 'terminal' && terminal !== null
      ? text('audit.at-terminal', { name: terminal })
      : place && text(`audit.place-${place}`);
  return [machine, device, address].filter(Boolean).join(', ');
}

function Details({ row }: { row: AuditLine }) {
  const from = originText(row);
  const { record, ...facts } = row.facts;
  return (
    <details class="audit-details small">
      <summary>{text('audit.details')}</summary>
      <dl>
        <Changes told={facts} />
        {record !== undefined && <Changes told={{ record }} />}
        <Changes told={row.data ?? {}} />
        {from !== '' && (
          <div>
            <dt>{text('audit.device')}</dt>
            <dd>{from}</dd>
          </div>
        )}
        <div>
          <dt>{row.stream}</dt>
          <dd>{row.seq}</dd>
        </div>
      </dl>
      {row.closed && <p class="quiet">{destroyedText(row.destroyed) ?? text('audit.closed')}</p>}
    </details>
  );
}
