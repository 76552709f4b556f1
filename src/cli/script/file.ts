import type { Visit } from '../../terminal/visit.ts';
import { granted } from '../connection.ts';
import { writeOut } from '../output.ts';
import type { Outcome } from './action.ts';

/**
 * What the server gives at a path: into a new file, or as what the command says.
 * @throws Refused where the server does not give it, or the file is there
 */
export async function saveText(
  { fetchText }: Pick<Visit, 'fetchText'>,
  path: string,
  file: string | undefined,
): Promise<Outcome> {
  const text = granted(await fetchText(path));
  if (file === undefined || file === '-')
    return { json: { text }, lines: [text.replace(/\r?\n$/, '')] };
  const written = await writeOut([text], file);
  return { json: { file: written }, lines: [`Written to ${written}`] };
}
