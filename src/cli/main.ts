import { Misused } from './failure.ts';
import { printHelp } from './help.ts';
import { report } from './report.ts';
import { describeVerb, describeVerbs, findVerb } from './verb.ts';

/** The `muster` command. Answers with the exit code; whatever goes wrong is said in one sentence on stderr. */
export async function main(argv: readonly string[]): Promise<number> {
  const [name = 'help', ...args] = argv;
  // whoever reads the output may have read enough (`muster help | head`): that is no failure
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    // bytes that are no UTF-8 come from the system as U+FFFD
    if (argv.some((word) => word.includes('\ufffd')))
      throw new Misused('A word of the command is not UTF-8 text.');
    if (name === 'help' || name === '--help' || name === '-h') return await printHelp(args);
    const verb = findVerb(name === '--version' || name === '-v' ? 'version' : name);
    if (!verb) throw new Misused(`Muster has no command "${name}".`);
    const flags = beforeDashes(args);
    if (flags.includes('--help') || flags.includes('-h'))
      return await printHelp([verb.name, ...(await actionOf(verb, flags))]);
    const { run } = await verb.load();
    return await run(args, describeVerbs);
  } catch (error) {
    return report(error, { verb: name, json: beforeDashes(args).includes('--json') });
  }
}

/** The action that the first word names, if there is one. */
async function actionOf({ name }: { name: string }, [first]: readonly string[]): Promise<string[]> {
  const { actions = [] } = await describeVerb(name);
  return actions.flatMap((action) => (action.name === first ? [action.name] : []));
}

/** Flags stand before `--`. */
function beforeDashes(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end < 0 ? args : args.slice(0, end);
}
