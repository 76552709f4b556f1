import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Answer } from '../../client/request.ts';
import { useAction } from '../part/action.ts';
import { ProblemNote } from '../part/problem-note.tsx';
import type { ListCounts, ListLook, ListText } from './list.ts';
import { ListColumns, type ListField } from './list-columns.tsx';
import { ListPreview } from './list-preview.tsx';
import { ListResult } from './list-result.tsx';
import { ListSource } from './list-source.tsx';
import './import.css';

/** How one kind of list is brought in. */
export interface ListWay<List extends ListText> {
  /** The first reading of a text: nothing said yet about its columns. */
  readonly begin: (content: string) => List;
  /** Says what an import would do; changes nothing. */
  readonly look: (list: List) => Promise<Answer<ListLook>>;
  readonly apply: (list: List) => Promise<Answer<ListCounts>>;
}

interface ListImportProps<List extends ListText> {
  readonly way: ListWay<List>;
  readonly fields: readonly ListField[];
  readonly template: readonly (readonly string[])[];
  /** Said where every row is as before. */
  readonly nothing: string;
  /** Where to go when the list is in. */
  readonly onward: ComponentChildren;
  /** What the whole list has in common, beside its columns. */
  readonly common?: (list: List, change: (change: Partial<List>) => void) => ComponentChildren;
  /** Stands below the preview while the list is brought in. */
  readonly progress?: ComponentChildren;
}

/** The way of a list into Muster: its text, what its columns are, what would happen, what happened. */
export function ListImport<List extends ListText>(props: ListImportProps<List>) {
  const { way, fields } = props;
  const [list, setList] = useState<List | null>(null);
  const [seen, setSeen] = useState<ListLook | null>(null);
  const [result, setResult] = useState<ListCounts | null>(null);
  const look = useAction(way.look);
  const apply = useAction(way.apply);

  const read = async (next: List) => {
    setList(next);
    const answer = await look.run(next);
    if (answer) setSeen(answer);
  };
  const finish = async () => {
    const done = list && (await apply.run(list));
    if (done) setResult(done);
  };
  const again = () => {
    setList(null);
    setSeen(null);
    setResult(null);
  };

  if (result) return <ListResult counts={result} onward={props.onward} onAgain={again} />;
  return (
    <>
      <ListSource
        busy={look.busy}
        template={props.template}
        onText={(content) => {
          setSeen(null);
          void read(way.begin(content));
        }}
      />
      {look.problem && <ProblemNote problem={look.problem} />}
      {list && seen && (
        <>
          <ListColumns
            look={seen}
            fields={fields}
            onChange={(change) => void read({ ...list, ...change })}
          >
            {props.common?.(list, (change) => void read({ ...list, ...change }))}
          </ListColumns>
          {apply.busy && props.progress}
          {apply.problem && <ProblemNote problem={apply.problem} onRetry={() => void finish()} />}
          <ListPreview
            look={seen}
            busy={apply.busy || look.busy}
            nothing={props.nothing}
            labelOf={(field) => fields.find(({ id }) => id === field)?.label ?? field}
            onApply={() => void finish()}
          />
        </>
      )}
    </>
  );
}
