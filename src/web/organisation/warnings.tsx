import type { Warning } from '../../core/organisation.wire.ts';
import { text } from '../message/text.ts';
import { momentText } from '../message/when.ts';
import { Notice } from '../part/problem-note.tsx';

/** What happened to the machine that a host must hear of: the sentence, the time, and what exactly. */
export function Warnings({ warnings }: { warnings: readonly Warning[] }) {
  return (
    <div class="stack tight">
      {warnings.map(({ kind, at, detail }) => (
        <Notice key={`${kind} ${at}`} kind="warning">
          <p>{text(`warnings.${kind}`)}</p>
          <p class="quiet small">{[momentText(at), ...Object.values(detail)].join(' · ')}</p>
        </Notice>
      ))}
    </div>
  );
}
