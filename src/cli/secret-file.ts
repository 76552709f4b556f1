import { readFileSync } from 'node:fs';

/**
 * What a file holds that keeps a secret; an end of the line does not belong to it.
 * @param refuse makes the exception, of the system's code, where the file cannot be read
 */
export function readSecretFile(path: string, refuse: (code: string) => Error): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : refuse(code);
  }
}
