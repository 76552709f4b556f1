import { Misused } from './failure.ts';
import { writeHelp, writeOverview } from './help-text.ts';
import { writeManPage } from './man-page.ts';
import { print } from './output.ts';
import { describeVerb, describeVerbs } from './verb.ts';

/** `muster help`, `muster help VERB`, `muster help VERB ACTION`, and `muster help --man`: the manual page. */
export async function printHelp([name, action]: readonly string[]): Promise<number> {
  if (name === '--man') await print(writeManPage(await describeVerbs()).trimEnd());
  else if (name === undefined || name === 'help') await print(writeOverview(await describeVerbs()));
  else await print(await helpOf(name, action));
  return 0;
}

async function helpOf(name: string, action: string | undefined): Promise<string> {
  const verb = await describeVerb(name);
  if (action === undefined) return writeHelp(verb);
  const found = verb.actions?.find((candidate) => candidate.name === action);
  if (!found) throw new Misused(`muster ${name} has no "${action}".`);
  return writeHelp(verb, found);
}
