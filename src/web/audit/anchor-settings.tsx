import { useState } from 'preact/hooks';
import { saveAnchorSettings } from '../../client/anchor.ts';
import type { AnchorSettings } from '../../core/anchor.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { TextField } from '../part/field.tsx';
import { Section } from '../part/page.tsx';
import { SaveForm } from '../part/save-form.tsx';

/** When an anchor is made by itself, and to whom its fingerprint goes. */
export function AnchorSettingsForm(props: {
  settings: AnchorSettings;
  onSaved: () => Promise<void>;
}) {
  const [time, setTime] = useState(props.settings.time ?? '');
  const [to, setTo] = useState(props.settings.to.join(', '));
  const save = () => {
    const addresses = to.split(/[\s,;]+/).filter((address) => address !== '');
    return saveAnchorSettings(send, { time: time === '' ? null : time, to: addresses });
  };
  const saved = (settings: AnchorSettings) => {
    setTo(settings.to.join(', '));
    return props.onSaved();
  };
  return (
    <Section title={text('anchor.daily')}>
      <div class="reading">
        <SaveForm save={save} onSaved={saved}>
          <TextField
            type="time"
            optional
            label={text('anchor.time')}
            hint={text('anchor.time-hint')}
            value={time}
            field="time"
            onText={setTime}
          />
          <TextField
            optional
            label={text('anchor.to')}
            hint={text('anchor.to-hint')}
            value={to}
            field="email"
            onText={setTo}
          />
        </SaveForm>
      </div>
    </Section>
  );
}
