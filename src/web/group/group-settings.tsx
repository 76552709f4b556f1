import { useState } from 'preact/hooks';
import { changeGroup } from '../../client/group.ts';
import type { GroupView } from '../../core/group.wire.ts';
import type { RosterRule } from '../../core/session.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { Dialog } from '../part/dialog.tsx';
import { CheckField, SelectField, TextField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { showToast } from '../part/toast.tsx';

const rules = ['walk-ins', 'closed', 'none'] as const satisfies readonly RosterRule[];

export interface GroupSettingsProps {
  readonly group: GroupView;
  readonly onChange: () => Promise<void>;
  readonly onClose: () => void;
}

/** Name of a group and what its new sessions begin with. */
export function GroupSettingsDialog({ group, onChange, onClose }: GroupSettingsProps) {
  const [form, setForm] = useState({
    ...group.settings,
    name: group.name,
    archived: group.archived,
    late: String(group.settings.lateAfterMinutes),
    close: String(group.settings.closeGraceMinutes),
    step: String(group.settings.stepMs / 1000),
    grace: String(group.settings.codeGraceMs / 1000),
  });
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  const action = useAction(() =>
    changeGroup(send, group.id, {
      name: form.name,
      archived: form.archived,
      settings: {
        lateAfterMinutes: Number(form.late),
        closeGraceMinutes: Number(form.close),
        stepMs: Math.round(Number(form.step) * 1000),
        codeGraceMs: Math.round(Number(form.grace) * 1000),
        typedCode: form.typedCode,
        rosterRule: form.rosterRule,
      },
    }),
  );
  const submit = async () => {
    if ((await action.run(undefined)) === undefined) return;
    showToast(text('part.saved'));
    onClose();
    await onChange();
  };
  return (
    <Dialog title={text('group.settings-title', { name: group.name })} onClose={onClose}>
      <p class="quiet">{text('group.settings-lead')}</p>
      <Form
        submit={text('part.save')}
        busy={action.busy}
        problem={action.problem}
        onSubmit={() => void submit()}
        onCancel={onClose}
      >
        <TextField
          label={text('group.name-label')}
          field="name"
          value={form.name}
          maxLength={120}
          onText={(name) => set({ name })}
        />
        <SelectField
          label={text('group.rule')}
          value={form.rosterRule}
          options={rules.map((rule) => ({ value: rule, label: text(`group.rule-${rule}`) }))}
          onText={(rule) => set({ rosterRule: rules.find((one) => one === rule) ?? 'walk-ins' })}
        />
        <div class="fields">
          <TextField
            label={text('group.late-after')}
            field="settings.lateAfterMinutes"
            type="number"
            min={0}
            max={600}
            value={form.late}
            onText={(late) => set({ late })}
          />
          <TextField
            label={text('group.close-grace')}
            field="settings.closeGraceMinutes"
            type="number"
            min={0}
            max={600}
            value={form.close}
            onText={(close) => set({ close })}
          />
          <TextField
            label={text('group.step')}
            field="settings.stepMs"
            hint={text('group.step-hint')}
            type="number"
            min={1}
            max={60}
            value={form.step}
            onText={(step) => set({ step })}
          />
          <TextField
            label={text('group.grace')}
            field="settings.codeGraceMs"
            type="number"
            min={0}
            max={60}
            value={form.grace}
            onText={(grace) => set({ grace })}
          />
        </div>
        <CheckField
          label={text('group.typed-code')}
          hint={text('group.typed-code-hint')}
          checked={form.typedCode}
          onCheck={(typedCode) => set({ typedCode })}
        />
        <CheckField
          label={text('group.archive')}
          hint={text('group.archive-hint')}
          checked={form.archived}
          onCheck={(archived) => set({ archived })}
        />
      </Form>
    </Dialog>
  );
}
