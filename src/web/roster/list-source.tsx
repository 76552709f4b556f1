import { useState } from 'preact/hooks';
import { text } from '../message/text.ts';
import { Button } from '../part/button.tsx';
import { toCsv } from '../part/csv.ts';
import { download } from '../part/download.ts';
import { Field } from '../part/field.tsx';
import { decodeText } from './file-text.ts';

/** Where the list comes from: a file, or cells pasted from a spreadsheet. */
export function ListSource(props: {
  busy: boolean;
  /** Rows of the table that is offered as a beginning, its headings first. */
  template: readonly (readonly string[])[];
  onText: (content: string) => void;
}) {
  const [pasted, setPasted] = useState('');
  const [error, setError] = useState<string | undefined>(undefined);
  const take = async (file: File | undefined) => {
    if (!file) return;
    try {
      const content = decodeText(new Uint8Array(await file.arrayBuffer()));
      setError(undefined);
      props.onText(content);
    } catch {
      setError(text('roster.unread', { name: file.name }));
    }
  };
  return (
    <section class="source">
      <p>{text('roster.lead')}</p>
      <div class="source-ways">
        <div class="stack">
          <Field label={text('roster.file')} error={error}>
            {(ids) => (
              <input
                {...ids}
                class="file"
                type="file"
                accept=".csv,.tsv,.txt,text/csv,text/plain"
                onChange={(event) => void take(event.currentTarget.files?.[0])}
              />
            )}
          </Field>
          <p>
            <Button kind="quiet" onClick={() => download('template.csv', toCsv(props.template))}>
              {text('roster.template')}
            </Button>
          </p>
        </div>
        <form
          class="stack tight"
          onSubmit={(event) => {
            event.preventDefault();
            if (pasted.trim()) props.onText(pasted);
          }}
        >
          <Field label={text('roster.paste')} hint={text('roster.paste-hint')}>
            {(ids) => (
              <textarea
                {...ids}
                class="input"
                rows={5}
                spellcheck={false}
                value={pasted}
                onInput={(event) => setPasted(event.currentTarget.value)}
                onPaste={(event) => {
                  const content = event.clipboardData?.getData('text/plain') ?? '';
                  if (pasted === '' && content.trim()) props.onText(content);
                }}
              />
            )}
          </Field>
          <div class="form-foot">
            <Button type="submit" busy={props.busy} disabled={pasted.trim() === ''}>
              {text('roster.read')}
            </Button>
          </div>
        </form>
      </div>
    </section>
  );
}
