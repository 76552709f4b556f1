import { Misused } from './failure.ts';
import { report } from './report.ts';
import { findVerb, printHelp } from './verb.ts';

/** The `muster` command. Answers with the exit code; whatever goes wrong is said in one sentence on stderr. */
export async function main(argv: readonly string[]): Promise<number> {
  const [name = 'help', ...args] = argv;
  // whoever reads the output may have read enough (`muster help | head`): that is no failure
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    if (name === 'help' || name === '--help' || name === '-h') return await printHelp(args[0]);
    const verb = findVerb(name === '--version' || name === '-v' ? 'version' : name);
    if (!verb) throw new Misused(`Muster has no command "${name}".`);
    if (asksForHelp(args)) return await printHelp(verb.name);
    const { run } = await verb.load();
    return await run(args);
  } catch (error) {
    return report(error, name);
  }
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const flags = end < 0 ? args : args.slice(0, end);
  return flags.includes('--help') || flags.includes('-h');
}
