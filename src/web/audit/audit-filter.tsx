import { listGroups } from '../../client/group.ts';
import { auditKinds } from '../../core/audit.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { SelectField, TextField } from '../part/field.tsx';
import { useLoaded } from '../part/loaded.tsx';
import { useQuery } from '../part/query.ts';

/** What happens in sessions and groups only. */
const elsewhere = ['check-in', 'enrolment', 'hosts', 'mark', 'roster', 'session'];

/** Where a kind is looked for unless told: where it happens. */
export const streamOf = (stream: string, kind: string): string =>
  stream === '' && elsewhere.includes(kind) ? 'all' : stream;

/** Where, what kind, and from which day until which; all of it lives in the address. */
export function AuditFilterFields() {
  const [stream, setStream] = useQuery('stream');
  const [kind, setKind] = useQuery('kind');
  const [from, setFrom] = useQuery('from');
  const [until, setUntil] = useQuery('until');
  const groups = useLoaded(() => listGroups(send), 'groups');
  return (
    <search class="fields filters audit-filters screen-only">
      <SelectField
        label={text('audit.where')}
        value={streamOf(stream, kind)}
        options={[
          { value: '', label: text('audit.where-all') },
          { value: 'all', label: text('audit.where-everything') },
          { value: 'organisation', label: text('audit.where-organisation') },
          { value: 'people', label: text('audit.where-people') },
          { value: 'reads', label: text('audit.where-reads') },
          ...(stream.startsWith('session:')
            ? [{ value: stream, label: text('audit.where-session') }]
            : []),
          ...(groups.value ?? []).map(({ id, name }) => ({
            value: `group:${id}`,
            label: text('audit.where-group', { name }),
          })),
        ]}
        onText={setStream}
      />
      <SelectField
        label={text('audit.kind')}
        value={kind}
        options={[
          { value: '', label: text('audit.any-kind') },
          ...auditKinds.map((value) => ({ value, label: text(`audit.kind-${value}`) })),
        ]}
        onText={setKind}
      />
      <TextField type="date" optional label={text('audit.from')} value={from} onText={setFrom} />
      <TextField type="date" optional label={text('audit.until')} value={until} onText={setUntil} />
    </search>
  );
}
