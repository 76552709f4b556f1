import { applyPeople, previewPeople } from '../../client/people-import.ts';
import type { PeopleCounts, PeoplePreview } from '../../core/people.wire.ts';
import { granted } from '../connection.ts';
import { type Action, action } from '../script/action.ts';
import { readInput } from '../script/input.ts';
import { checkRows, describeRow, skipFlag } from '../script/rows.ts';

/** Bringing in a list of people. */
export const importPeople: Action = action({
  name: 'import',
  arguments: [{ name: 'FILE' }],
  summary:
    'people from CSV with a heading; - reads it. Numbers that are known are changed, the same again changes nothing',
  flags: { 'skip-wrong': skipFlag },
  changes: true,
  async run({ look, act, isDryRun }, [file = '-'], { 'skip-wrong': skips }) {
    const text = await readInput(file);
    const preview = granted(await previewPeople(look, { text }));
    const wrong = preview.rows.filter(({ action: what }) => what === 'wrong');
    checkRows(preview.counts.wrong, wrong, skips);
    const counts: PeopleCounts = isDryRun
      ? preview.counts
      : granted(await applyPeople(act, { text }));
    return {
      json: { counts, wrong, ...(isDryRun ? { rows: preview.rows } : {}) },
      lines: [
        describe(counts),
        ...(isDryRun ? describeChanges(preview) : []),
        ...wrong.map(describeRow),
      ],
    };
  },
});

const describe = ({ add, change, same, wrong }: PeopleCounts): string =>
  `${add} added, ${change} changed, ${same} as they were, ${wrong} left out.`;

const describeChanges = ({ rows }: PeoplePreview): string[] =>
  rows
    .filter(({ action: what }) => what === 'add' || what === 'change')
    .map(({ line, action: what, number, name, changes }) => {
      const fields = what === 'change' ? `: ${changes.map(({ field }) => field).join(', ')}` : '';
      return `line ${line}: ${what} ${number} ${name}${fields}`;
    });
