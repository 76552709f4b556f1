import { parseArgs } from 'node:util';
import { type Description, type Flags, writeFlag } from './description.ts';
import { Misused } from './failure.ts';
import { print } from './output.ts';

export const description: Description = {
  name: 'completion',
  arguments: [{ name: 'bash' }],
  summary: 'prints what makes bash complete commands, actions and flags',
  flags: {},
  examples: [
    {
      command: 'muster completion bash > ~/.local/share/bash-completion/completions/muster',
      text: 'for every new shell',
    },
  ],
};

export async function run(
  args: string[],
  describeVerbs: () => Promise<Description[]>,
): Promise<number> {
  const { positionals } = parseArgs({ args, options: {}, allowPositionals: true });
  if (positionals.length !== 1 || positionals[0] !== 'bash')
    throw new Misused('muster completion takes the name of a shell: bash.');
  await print(writeBash(await describeVerbs()));
  return 0;
}

/** A completion script; words are completed by what stands before them. */
function writeBash(verbs: readonly Description[]): string {
  const start = verbs.find(({ name }) => name === 'start')?.flags ?? {};
  return `_muster() {
  local word=\${COMP_WORDS[COMP_CWORD]} verb=\${COMP_WORDS[1]} action=\${COMP_WORDS[2]} words=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${[...verbs.map(({ name }) => name), 'help'].join(' ')}'
  else
    case "$verb \${COMP_WORDS[COMP_CWORD - 1]}" in
${writeValues(verbs)}
    esac
    case "$verb" in
${verbs.map((verb) => writeCase(verb, start)).join('\n')}
      help) words='${verbs.map(({ name }) => name).join(' ')}' ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  [ \${#COMPREPLY[@]} -eq 0 ] && [ "\${word#-}" = "$word" ] && COMPREPLY=($(compgen -f -- "$word"))
}
complete -o filenames -F _muster muster`;
}

function writeCase({ name, flags, actions, startsServer }: Description, start: Flags): string {
  const own = { ...(startsServer ? start : {}), ...flags };
  if (!actions) return `      ${name}) words='${namesOf(own)}' ;;`;
  const cases = actions.map(
    (action) => `${action.name}) words='${namesOf({ ...action.flags, ...own })}' ;;`,
  );
  return [
    `      ${name})`,
    `        if [ "$COMP_CWORD" -eq 2 ]; then words='${actions.map((action) => action.name).join(' ')}'; else`,
    `          case "$action" in`,
    ...cases.map((line) => `            ${line}`),
    '          esac',
    '        fi ;;',
  ].join('\n');
}

/** What may stand behind a flag that takes a value; the same flag may take other words with another verb. */
function writeValues(verbs: readonly Description[]): string {
  const replies = new Map<string, string>();
  for (const { name: verb, flags, actions = [] } of verbs)
    for (const own of [flags, ...actions.map((action) => action.flags ?? {})])
      for (const [name, { value }] of Object.entries(own))
        if (value !== undefined) replies.set(`"${verb} --${name}"`, replyFor(value));
  return [...replies]
    .map(([asked, reply]) => `      ${asked}) COMPREPLY=($(${reply} -- "$word")); return ;;`)
    .join('\n');
}

function replyFor(value: string): string {
  if (value.startsWith('FOLDER')) return 'compgen -d';
  const isChoice = /^[a-z-]+(\|[a-z-]+)+$/.test(value);
  return isChoice ? `compgen -W '${value.replaceAll('|', ' ')}'` : 'compgen -f';
}

const namesOf = (flags: Flags): string =>
  Object.entries(flags)
    .map(([name, flag]) => writeFlag(name, flag).split(' ')[0])
    .join(' ');
