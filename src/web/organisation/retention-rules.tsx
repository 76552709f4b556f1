import { useState } from 'preact/hooks';
import { previewRetention, saveRetention } from '../../client/retention.ts';
import {
  type RetentionKind,
  type RetentionRule,
  type RetentionRules,
  retentionKinds,
} from '../../core/retention.ts';
import type { RetentionView } from '../../core/retention.wire.ts';
import { may } from '../app/me.ts';
import { send } from '../app/send.ts';
import { text } from '../message/text.ts';
import { useAction } from '../part/action.ts';
import { SelectField } from '../part/field.tsx';
import { Form } from '../part/form.tsx';
import { showToast } from '../part/toast.tsx';
import { ConfirmDialog } from './retention-confirm.tsx';

const choices: readonly RetentionRule[] = [
  null,
  ...[7, 30, 90].map((count) => ({ count, unit: 'days' as const })),
  ...[6, 12, 24, 36, 60, 120].map((count) => ({ count, unit: 'months' as const })),
];

const wordOf = (rule: RetentionRule): string =>
  rule === null ? 'forever' : `${rule.count} ${rule.unit}`;

/** How long a rule keeps, in words. */
const ruleText = (rule: RetentionRule): string =>
  rule === null ? text('retention.forever') : text(`retention.${rule.unit}`, { count: rule.count });

/** A choice for each kind. What lets more go is shown, and confirmed, before it is saved. */
export function RulesForm(props: { view: RetentionView; onSaved: () => Promise<void> }) {
  const { view, onSaved } = props;
  const [rules, setRules] = useState<RetentionRules>(view.rules);
  const [proposed, setProposed] = useState<RetentionView | null>(null);
  const save = useAction(async (confirmed: boolean) => saveRetention(send, rules, confirmed));
  const preview = useAction(() => previewRetention(send, rules));
  const saved = async () => {
    setProposed(null);
    showToast(text('part.saved'));
    await onSaved();
  };
  const submit = async () => {
    const looked = await preview.run(undefined);
    if (!looked) return;
    if (looked.stricter.length > 0) setProposed(looked);
    else if ((await save.run(false)) !== undefined) await saved();
  };
  const fields = retentionKinds.map((kind) => (
    <RuleField
      key={kind}
      kind={kind}
      rule={rules[kind]}
      standing={view.rules[kind]}
      onRule={(rule) => setRules({ ...rules, [kind]: rule })}
    />
  ));
  if (!may('retention.change')) return <div class="stack">{fields}</div>;
  return (
    <>
      <Form
        submit={text('part.save')}
        busy={preview.busy || save.busy}
        problem={preview.problem ?? (proposed ? null : save.problem)}
        onSubmit={() => void submit()}
      >
        {fields}
      </Form>
      {proposed && (
        <ConfirmDialog
          title={text('retention.change-title')}
          lead={text('retention.change-lead')}
          none={text('retention.change-none')}
          due={proposed.due.filter(({ kind }) => proposed.stricter.includes(kind))}
          submit={text('retention.change-now')}
          busy={save.busy}
          problem={save.problem}
          onConfirm={async () => {
            if ((await save.run(true)) !== undefined) await saved();
          }}
          onClose={() => setProposed(null)}
        />
      )}
    </>
  );
}

function RuleField(props: {
  kind: RetentionKind;
  rule: RetentionRule;
  standing: RetentionRule;
  onRule: (rule: RetentionRule) => void;
}) {
  const { kind, rule, standing, onRule } = props;
  const label = text(`retention.kind-${kind}`);
  if (!may('retention.change')) {
    return (
      <p>
        <strong>{label}</strong>: {ruleText(rule)}
        <br />
        <span class="quiet small">{text(`retention.what-${kind}`)}</span>
      </p>
    );
  }
  const known = choices.some((choice) => wordOf(choice) === wordOf(standing));
  const all = known ? choices : [standing, ...choices];
  return (
    <SelectField
      label={label}
      hint={text(`retention.what-${kind}`)}
      value={wordOf(rule)}
      options={all.map((choice) => ({ value: wordOf(choice), label: ruleText(choice) }))}
      onText={(value) => onRule(all.find((choice) => wordOf(choice) === value) ?? null)}
    />
  );
}
