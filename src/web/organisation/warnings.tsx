import type { Warning } from '../../core/organisation.wire.ts';
import { me } from '../app/me.ts';
import { warningText } from '../board/warnings.tsx';
import { momentText } from '../message/when.ts';
import { Notice } from '../part/problem-note.tsx';

/** What happened to the machine that a host must hear of: the sentence, and when. */
export function Warnings({ warnings }: { warnings: readonly Warning[] }) {
  return (
    <div class="stack tight">
      {warnings.map((warning) => (
        <Notice key={`${warning.kind} ${warning.at}`} kind="warning">
          <p>{warningText(warning, me.value?.zone ?? 'UTC')}</p>
          <p class="quiet small">{momentText(warning.at)}</p>
        </Notice>
      ))}
    </div>
  );
}
