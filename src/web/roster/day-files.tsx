import { useState } from 'preact/hooks';
import { type DayFile, importDayFiles } from '../../client/roster.ts';
import type { DayFileResult } from '../../core/roster.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { Button, ButtonLink } from '../part/button.tsx';
import { Field } from '../part/field.tsx';
import { Section } from '../part/page.tsx';
import { Notice, ProblemNote } from '../part/problem-note.tsx';
import { DayFileTable } from './day-file-table.tsx';
import { decodeText } from './file-text.ts';

/** Day files of earlier years: several at once, looked at first, then brought in. */
export function DayFiles({ group }: { group: string }) {
  const [files, setFiles] = useState<readonly DayFile[]>([]);
  const [seen, setSeen] = useState<DayFileResult | null>(null);
  const [done, setDone] = useState<number | null>(null);
  const look = useAction((chosen: readonly DayFile[]) =>
    importDayFiles(send, { group, files: chosen, apply: false }),
  );
  const apply = useAction(() => importDayFiles(send, { group, files, apply: true }));
  const choose = async (list: FileList | null) => {
    const chosen = await Promise.all(
      [...(list ?? [])].map(async (file) => ({
        name: file.name,
        text: decodeText(new Uint8Array(await file.arrayBuffer())),
      })),
    );
    if (chosen.length === 0) return;
    setDone(null);
    setSeen(null);
    setFiles(chosen);
    setSeen((await look.run(chosen)) ?? null);
  };
  const fresh = seen?.files.filter(({ action }) => action === 'new').length ?? 0;
  const finish = async () => {
    if (await apply.run(undefined)) setDone(fresh);
  };
  return (
    <>
      <section class="source">
        <p>{text('dayfiles.lead')}</p>
        <Field label={text('dayfiles.choose')}>
          {(ids) => (
            <input
              {...ids}
              class="file"
              type="file"
              multiple
              accept=".csv,text/csv"
              onChange={(event) => void choose(event.currentTarget.files)}
            />
          )}
        </Field>
      </section>
      {look.problem && <ProblemNote problem={look.problem} />}
      {apply.problem && <ProblemNote problem={apply.problem} onRetry={() => void finish()} />}
      {seen && done === null && (
        <Section title={text('roster.preview')}>
          {fresh > 0 ? (
            <div>
              <Button kind="primary" busy={apply.busy} onClick={() => void finish()}>
                {text('dayfiles.apply', { count: fresh })}
              </Button>
            </div>
          ) : (
            <Notice>{text('dayfiles.nothing')}</Notice>
          )}
          <DayFileTable files={seen.files} />
        </Section>
      )}
      {done !== null && (
        <Section title={text('dayfiles.done', { count: done })}>
          <div>
            <ButtonLink kind="primary" href={`/app/groups/${group}/register`}>
              {text('group.register')}
            </ButtonLink>
          </div>
        </Section>
      )}
    </>
  );
}
