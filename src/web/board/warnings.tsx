import { useEffect, useState } from 'preact/hooks';
import { loadInstallation } from '../../client/organisation.ts';
import type { BackupProblem } from '../../core/backup.wire.ts';
import type { Warning } from '../../core/organisation.wire.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { Button } from '../part/button.tsx';
import { Notice } from '../part/problem-note.tsx';
import { clockText } from './clock-text.ts';

const everyMs = 30_000;

/** What the machine noticed about itself, as sentences; what was hidden stays hidden until it happens again. */
export function Warnings({ zone }: { zone: string }) {
  const [warnings, setWarnings] = useState<readonly Warning[]>([]);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    let gone = false;
    const ask = async () => {
      const answer = await loadInstallation(send);
      if (answer.ok && !gone) setWarnings(answer.value.warnings);
    };
    void ask();
    const timer = setInterval(() => void ask(), everyMs);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, []);
  const shown = warnings.filter(
    (warning) => !aside.has(warning.kind) && !hidden.has(keyOf(warning)),
  );
  if (shown.length === 0) return null;
  return (
    <div class="stack tight" role="status">
      {shown.map((warning) => (
        <Notice key={keyOf(warning)} kind="warning">
          <div class="line spread">
            <p>{warningText(warning, zone)}</p>
            <Button
              kind="quiet"
              size="small"
              onClick={() => setHidden(new Set([...hidden, keyOf(warning)]))}
            >
              {text('board.warn-hide')}
            </Button>
          </div>
        </Notice>
      ))}
    </div>
  );
}

/** What has nothing to do with the session that goes on. */
const aside: ReadonlySet<Warning['kind']> = new Set(['no-backup', 'backup-failed']);

const keyOf = ({ kind, at }: Warning): string => `${kind} ${at}`;

/** A warning in plain words. */
export function warningText({ kind, at, detail }: Warning, zone: string): string {
  const time = clockText(at, zone);
  switch (kind) {
    case 'slept': {
      const minutes = Math.round(Number(detail.ms ?? 0) / 60_000);
      return minutes > 0
        ? text('board.warn-slept', { minutes, time })
        : text('board.warn-slept-short', { time });
    }
    case 'address-changed':
      return text('board.warn-address', { time });
    case 'clock-changed':
      return text('board.warn-clock', { time });
    case 'day-file-held':
      return text('board.warn-day-file');
    case 'disk-full':
      return text('board.warn-disk');
    case 'guessing':
      return text('board.warn-guessing', { time });
    case 'bus-down':
      return text('board.warn-bus', { time });
    case 'no-backup':
      return detail.days === undefined
        ? text('backup.warn-none')
        : text('backup.warn-old', { days: Number(detail.days) });
    case 'backup-failed':
      return text('backup.warn-failed', {
        problem: text(`backup.problem-${detail.problem as BackupProblem}`),
      });
  }
}
