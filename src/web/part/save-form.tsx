import type { ComponentChildren } from 'preact';
import type { Answer } from '../../client/request.ts';
import { text } from '../message/text.ts';
import { useAction } from './action.ts';
import { Form } from './form.tsx';
import { showToast } from './toast.tsx';

/** Settings that stay on their page: saves them, and says that it did. */
export function SaveForm<T>(props: {
  save: () => Promise<Answer<T>>;
  onSaved?: (value: T) => unknown;
  children: ComponentChildren;
}) {
  const action = useAction(props.save);
  const submit = async () => {
    const saved = await action.run(undefined);
    if (saved === undefined) return;
    showToast(text('part.saved'));
    await props.onSaved?.(saved);
  };
  return (
    <Form
      submit={text('part.save')}
      busy={action.busy}
      problem={action.problem}
      onSubmit={() => void submit()}
    >
      {props.children}
    </Form>
  );
}
