import type { Place } from './place.ts';

/** Downloads a file, keeps it where the command was started, and says where. */
export async function keepDownload(
  { dialogue, visit, explain, keepFile }: Place,
  path: string,
  name: string,
): Promise<void> {
  const answer = await visit.fetchText(path);
  if (answer.ok) dialogue.say(`It is in ${await keepFile(name, answer.value)}`);
  else dialogue.complain(explain(answer.problem));
}

/** What a name may be in the name of a file: letters and digits of any script. */
export const fileWord = (name: string): string =>
  name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 40) || 'file';
