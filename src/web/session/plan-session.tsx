import { useState } from 'preact/hooks';
import { openSession, type SessionPlan } from '../../client/session.ts';
import { me } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { instantOf, wallTime } from '../message/zone-time.ts';
import { useAction } from '../part/action.ts';
import { Dialog } from '../part/dialog.tsx';
import { SelectField, TextField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { showToast } from '../part/toast.tsx';

const hour = 3_600_000;

export interface PlanSessionProps {
  /** Groups to choose from; on a group's own page just that one. */
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  readonly fixed?: boolean;
  readonly lateAfterMinutes: number;
  readonly onPlanned: () => void;
  readonly onClose: () => void;
}

/** Plans a session for a later time, by the clocks of the site. */
export function PlanSession(props: PlanSessionProps) {
  const zone = me.value?.zone;
  const [form, setForm] = useState(() => {
    const start = (Math.floor(Date.now() / hour) + 1) * hour;
    return {
      title: '',
      group: props.fixed ? (props.groups[0]?.id ?? '') : '',
      starts: wallTime(start, zone),
      ends: wallTime(start + hour, zone),
      late: String(props.lateAfterMinutes),
    };
  });
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  const startsAt = form.starts ? instantOf(form.starts, zone) : 0;
  const endsAt = form.ends ? instantOf(form.ends, zone) : null;
  const wrongEnd =
    endsAt === null
      ? undefined
      : endsAt <= startsAt
        ? text('plan.end-first')
        : endsAt <= Date.now()
          ? text('plan.end-past')
          : undefined;
  // as in a calendar, the end goes along with the start
  const move = (starts: string) => {
    const length = (endsAt ?? 0) - startsAt;
    const follows = form.starts && starts && endsAt !== null && length > 0;
    set({ starts, ...(follows && { ends: wallTime(instantOf(starts, zone) + length, zone) }) });
  };
  const action = useAction((plan: SessionPlan) => openSession(send, plan));
  const submit = async () => {
    if (wrongEnd) return;
    const made = await action.run({
      startsAt,
      ...(endsAt === null ? {} : { endsAt }),
      ...(form.title.trim() ? { title: form.title.trim() } : {}),
      ...(form.group ? { group: form.group } : {}),
      settings: { lateAfterMinutes: Number(form.late) },
    });
    if (!made) return;
    showToast(text('plan.done', { when: momentText(startsAt) }));
    props.onPlanned();
    props.onClose();
  };
  return (
    <Dialog title={text('plan.title')} onClose={props.onClose}>
      <p class="quiet">{text('plan.lead')}</p>
      <Form
        submit={text('plan.submit')}
        busy={action.busy}
        problem={action.problem}
        onSubmit={() => void submit()}
        onCancel={props.onClose}
      >
        <SelectField
          label={text('plan.group')}
          value={form.group}
          options={[
            ...(props.fixed ? [] : [{ value: '', label: text('start.for-anyone') }]),
            ...props.groups.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onText={(group) => set({ group })}
        />
        <TextField
          label={text('plan.name')}
          field="title"
          hint={text('plan.name-hint')}
          optional
          value={form.title}
          maxLength={120}
          onText={(title) => set({ title })}
        />
        <div class="fields">
          <TextField
            label={text('plan.starts')}
            field="startsAt"
            type="datetime-local"
            value={form.starts}
            onText={move}
          />
          <TextField
            label={text('plan.ends')}
            field="endsAt"
            type="datetime-local"
            optional
            value={form.ends}
            hint={text('plan.ends-hint')}
            error={wrongEnd}
            onText={(ends) => set({ ends })}
          />
        </div>
        <TextField
          label={text('plan.late')}
          field="settings.lateAfterMinutes"
          type="number"
          min={0}
          max={600}
          value={form.late}
          onText={(late) => set({ late })}
        />
        <p class="quiet small">{text('plan.zone', { zone: zone ?? '' })}</p>
      </Form>
    </Dialog>
  );
}
