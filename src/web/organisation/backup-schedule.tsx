import { useState } from 'preact/hooks';
import { changeBackups } from '../../client/backup.ts';
import type { BackupSettings } from '../../core/backup.wire.ts';
import { may } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { CheckField, TextField } from '../part/field.tsx';
import { SaveForm } from '../part/save-form.tsx';

interface ScheduleProps {
  readonly settings: BackupSettings;
  readonly onSaved: () => Promise<void>;
}

/** When backups are made by themselves and which stay: a form for who may change it, a sentence for others. */
export function BackupSchedule(props: ScheduleProps) {
  if (may('backup.change')) return <ScheduleForm {...props} />;
  const { on, time, keep } = props.settings;
  return <p>{on ? text('backup.schedule-on', { time, ...keep }) : text('backup.schedule-off')}</p>;
}

const most = { daily: 31, weekly: 26, monthly: 60 } as const;
const periods = ['daily', 'weekly', 'monthly'] as const;

function ScheduleForm({ settings, onSaved }: ScheduleProps) {
  const [form, setForm] = useState({
    ...settings,
    daily: String(settings.keep.daily),
    weekly: String(settings.keep.weekly),
    monthly: String(settings.keep.monthly),
  });
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  const save = () => {
    const { on, time, elsewhere } = form;
    const keep = {
      daily: Number(form.daily),
      weekly: Number(form.weekly),
      monthly: Number(form.monthly),
    };
    return changeBackups(send, { on, time, keep, elsewhere });
  };
  return (
    <SaveForm save={save} onSaved={onSaved}>
      <CheckField
        label={text('backup.on')}
        hint={text('backup.on-hint')}
        checked={form.on}
        onCheck={(on) => set({ on })}
      />
      <TextField
        label={text('backup.time')}
        field="time"
        type="time"
        value={form.time}
        onText={(time) => set({ time })}
      />
      <div class="fields">
        {periods.map((period) => (
          <TextField
            key={period}
            label={text(`backup.keep-${period}`)}
            field={`keep.${period}`}
            hint={text(`backup.keep-${period}-hint`)}
            type="number"
            min={period === 'daily' ? 1 : 0}
            max={most[period]}
            value={form[period]}
            onText={(count) => set({ [period]: count })}
          />
        ))}
      </div>
      <p class="quiet small">{text('backup.keep-note')}</p>
      <CheckField
        label={text('backup.elsewhere')}
        hint={text('backup.elsewhere-hint')}
        checked={form.elsewhere}
        onCheck={(elsewhere) => set({ elsewhere })}
      />
    </SaveForm>
  );
}
