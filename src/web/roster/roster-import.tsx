import { useState } from 'preact/hooks';
import { applyRoster, previewRoster, type RosterText } from '../../client/roster.ts';
import type { RosterApplied, RosterPreview } from '../../core/roster.wire.ts';
import { me } from '../app/me.ts';
import { send } from '../app/send.ts';
import { wallDate } from '../message/zone-time.ts';
import { useAction } from '../part/action.ts';
import { ProblemNote } from '../part/problem-note.tsx';
import { RosterColumns } from './roster-columns.tsx';
import { RosterPreviewView } from './roster-preview.tsx';
import { RosterResult } from './roster-result.tsx';
import { RosterSource } from './roster-source.tsx';

/** The way of a list into a group: its text, what its columns are, what would happen, what happened. */
export function RosterImport({ group, name }: { group: string; name: string }) {
  const [roster, setRoster] = useState<RosterText | null>(null);
  const [preview, setPreview] = useState<RosterPreview | null>(null);
  const [result, setResult] = useState<RosterApplied | null>(null);
  const look = useAction((next: RosterText) => previewRoster(send, group, next));
  const apply = useAction((next: RosterText) => applyRoster(send, group, next));

  const read = async (next: RosterText) => {
    setRoster(next);
    const seen = await look.run(next);
    if (seen) setPreview(seen);
  };
  const begin = (content: string) => {
    setPreview(null);
    return read({ text: content, from: wallDate(Date.now(), me.value?.zone) });
  };
  const finish = async () => {
    const done = roster && (await apply.run(roster));
    if (done) setResult(done);
  };
  const again = () => {
    setRoster(null);
    setPreview(null);
    setResult(null);
  };

  if (result) return <RosterResult result={result} group={group} name={name} onAgain={again} />;
  return (
    <>
      <RosterSource busy={look.busy} onText={(content) => void begin(content)} />
      {look.problem && <ProblemNote problem={look.problem} />}
      {roster && preview && (
        <>
          <RosterColumns
            preview={preview}
            roster={roster}
            onChange={(change) => void read({ ...roster, ...change })}
          />
          <RosterPreviewView
            preview={preview}
            busy={apply.busy || look.busy}
            onApply={() => void finish()}
          />
        </>
      )}
      {apply.problem && <ProblemNote problem={apply.problem} onRetry={() => void finish()} />}
    </>
  );
}
