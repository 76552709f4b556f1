import { KeyError } from '../store/key-folder.ts';
import type { PassphraseSource } from '../store/master-key.ts';
import { readSecretFile } from './secret-file.ts';

/** Where the passphrase comes from: the file that is named, else whoever sits at the terminal; asked once. */
export function passphraseFrom(file: string | undefined): PassphraseSource {
  let answer: Promise<string> | null = null;
  return {
    given: file !== undefined,
    ask() {
      answer ??=
        file === undefined
          ? askHidden('Passphrase of these data')
          : Promise.resolve().then(() => readPassphrase(file));
      return answer;
    },
  };
}

/**
 * The passphrase in a file; an end of the line does not belong to it.
 * @throws KeyError
 */
export const readPassphrase = (file: string): string =>
  readSecretFile(
    file,
    (code) => new KeyError(`The passphrase in ${file} cannot be read (${code}).`),
  );

/**
 * Asks at the terminal; what is typed is not shown.
 * @throws KeyError where there is no terminal, or the question was left
 */
export async function askHidden(message: string): Promise<string> {
  if (!(process.stdin.isTTY && process.stderr.isTTY)) {
    throw new KeyError(
      'These data open with a passphrase, and there is no terminal to ask for it. Put it into a file and name that in MUSTER_PASSPHRASE_FILE.',
    );
  }
  const { isCancel, password } = await import('@clack/prompts');
  const typed = await password({ message, output: process.stderr });
  if (isCancel(typed)) throw new KeyError('No passphrase was given; nothing was changed.');
  return typed ?? '';
}
