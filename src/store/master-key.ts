import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { KeyError, type KeyFolder } from './key-folder.ts';

/** A passphrase that stands for the master key. */
export interface PassphraseSource {
  /** Whether it was given before anything was asked: then new data are begun under it. */
  readonly given: boolean;
  /** @throws KeyError where nobody can be asked */
  ask(): Promise<string>;
}

/** A master key from elsewhere than the key folder: itself, or a passphrase. */
export type MasterSource = Uint8Array | PassphraseSource;

/** How a key check is written: plain, or after the cost and salt that lead from a passphrase to its key. */
const shape = /^(?:\$argon2id\$v=19\$m=(\d{4,7}),t=(\d{1,2}),p=(\d)\$([\w-]{22})\$)?([\w-]{43})$/;
/** 128 MiB, three passes: about half a second, once for each start. */
const cost = 'm=131072,t=3,p=1';
const shortest = 14;

export const isKeyCheck = (text: string): boolean => shape.test(text);

/** Whether the key behind this check comes from a passphrase. */
export const takesPassphrase = (keyCheck: string): boolean => keyCheck.startsWith('$');

const digest = (master: Uint8Array, installation: string) =>
  createHmac('sha256', master).update(`muster/installation/${installation}`).digest('base64url');

/** Tells a wrong master key before anything is opened with it: an HMAC of the installation's id. */
export const makeKeyCheck = (master: Uint8Array, installation: string): string =>
  digest(master, installation);

/** Whether a master key is the one behind a check. */
export function fitsKeyCheck(
  { id, keyCheck }: { readonly id: string; readonly keyCheck: string },
  master: Uint8Array,
): boolean {
  const expected = Buffer.from(shape.exec(keyCheck)?.[5] ?? '');
  const actual = Buffer.from(digest(master, id));
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/**
 * A new master key from a passphrase, with its check.
 * @throws KeyError where the passphrase is too short
 */
export async function makeFromPassphrase(
  passphrase: string,
  installation: string,
): Promise<{ master: Uint8Array; keyCheck: string }> {
  if ([...passphrase].length < shortest) {
    throw new KeyError(
      `The passphrase is too short: it takes ${shortest} characters at least, better six words that nobody would put together.`,
    );
  }
  const lead = `$argon2id$v=19$${cost}$${randomBytes(16).toString('base64url')}$`;
  const master = await derive(passphrase, `${lead}${'A'.repeat(43)}`);
  return { master, keyCheck: `${lead}${digest(master, installation)}` };
}

async function derive(passphrase: string, keyCheck: string): Promise<Uint8Array> {
  const [, m, t, p, salt = ''] = shape.exec(keyCheck) ?? [];
  const { hashRaw } = await import('@node-rs/argon2');
  const key = await hashRaw(passphrase.normalize('NFKC'), {
    memoryCost: Number(m),
    timeCost: Number(t),
    parallelism: Number(p),
    outputLen: 32,
    salt: Buffer.from(salt, 'base64url'),
  });
  return new Uint8Array(key);
}

/**
 * The master key of an installation: the one that is given, or of the key folder, or behind the passphrase.
 * @param found the installation's check; while a rotation is under way, that of the next key too
 * @param where its data lie, for the sentence of an error
 * @throws KeyError
 */
export async function findMaster(
  found: { readonly id: string; readonly checks: readonly string[] },
  keys: KeyFolder,
  where: string,
  source?: MasterSource,
): Promise<{ master: Uint8Array; keyCheck: string }> {
  const { id, checks } = found;
  const match = (master: Uint8Array) => {
    const keyCheck = checks.find((check) => fitsKeyCheck({ id, keyCheck: check }, master));
    return keyCheck === undefined ? null : { master, keyCheck };
  };
  if (source instanceof Uint8Array) {
    const given = match(source);
    if (given) return given;
    throw notOurs('The master key that was given', where);
  }
  const [, next] = checks;
  if (source && next !== undefined && takesPassphrase(next)) {
    // the key of the folder may open less than the passphrase that is to follow it
    const typed = await source.ask().catch(() => null);
    const opened = typed === null ? null : match(await derive(typed, next));
    if (opened) return opened;
  }
  for (const master of await keys.listMasters()) {
    const known = match(master);
    if (known) return known;
  }
  if (!checks.some(takesPassphrase)) {
    // says so where it is missing or damaged
    await keys.readMaster();
    throw notOurs(`The master key in ${keys.path}`, where);
  }
  if (!source) {
    throw new KeyError(
      `The data in ${where} open with a passphrase. Put it into a file and name that in MUSTER_PASSPHRASE_FILE.`,
    );
  }
  const passphrase = await source.ask();
  for (const check of checks.filter(takesPassphrase)) {
    const opened = match(await derive(passphrase, check));
    if (opened) return opened;
  }
  throw new KeyError(
    `The passphrase does not open the data in ${where}. Try again, or put the key back from its recovery sheet with: muster key import. Nothing was changed.`,
  );
}

const notOurs = (what: string, where: string): KeyError =>
  new KeyError(
    `${what} does not belong to the data in ${where}: it is of another installation, or of another time, as a rotation makes a new one. Give the one that does, or point --keys to its folder; nothing was changed.`,
  );
