import type { AuditLine, AuditPerson } from '../../core/audit.wire.ts';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import '../part/table.css';
import './audit.css';

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
                  {wordOf(row.type)}
                  <Details row={row} />
                </th>
                <td>
                  <Who person={row.actor} onChoose={props.onActor} />
                </td>
                <td>{row.subject && <Who person={row.subject} onChoose={props.onSubject} />}</td>
                <td class="away wrap small">
                  {[row.device, row.address].filter(Boolean).join(', ')}
                </td>
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

const programs = ['phone', 'job', 'operator'] as const;

/** What a person or a program is called. */
export function nameOf({ id, name }: AuditPerson): string {
  const program = programs.find((known) => known === id);
  return name ?? (program ? text(`audit.actor-${program}`) : text('audit.nobody'));
}

/** `role.changed` as `Role changed`. */
const wordOf = (type: string): string =>
  type.charAt(0).toUpperCase() + type.slice(1).replaceAll('.', ' ');

function Details({ row }: { row: AuditLine }) {
  const lines = [...Object.entries(row.facts), ...Object.entries(row.data ?? {})];
  const from = [row.device, row.address].filter(Boolean).join(', ');
  return (
    <details class="audit-details small">
      <summary>{text('audit.details')}</summary>
      <dl>
        {lines.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{typeof value === 'string' ? value : JSON.stringify(value, null, 1)}</dd>
          </div>
        ))}
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
      {row.closed && <p class="quiet">{text('audit.closed')}</p>}
    </details>
  );
}
