import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Dialogue } from './dialogue.ts';
import { isStillPinned, readServerCertificate } from './server-certificate.ts';

/** A server that was trusted once, as it is kept. */
interface KnownServer {
  readonly fingerprint: string;
  readonly pem: string;
  /** `2026-11-23` */
  readonly since: string;
}

/** The server is not the one that was trusted, or nobody trusts it. The message is for the person. */
export class NotTrusted extends Error {
  override readonly name = 'NotTrusted';
}

export interface TrustWish {
  readonly dialogue: Dialogue;
  /** Such as `https://muster.example:8443`. */
  readonly origin: string;
  /** Where known servers are kept. */
  readonly file: string;
  /** `2026-11-23` */
  readonly today: string;
}

/**
 * The certificate that a server has to show from now on; null where the system trusts it anyway. At first use the
 * person compares the fingerprint, and the certificate is kept.
 * @throws NotTrusted where the person says no, or where the certificate is another than the one that is kept
 */
export async function pinServer({
  dialogue,
  origin,
  file,
  today,
}: TrustWish): Promise<string | null> {
  if (!origin.startsWith('https:')) return null;
  const known = await readKnown(file);
  const kept = known[origin];
  if (kept) return checkKept(origin, kept, file);
  const shown = await readServerCertificate(origin);
  if (shown.trusted) return null;
  dialogue.say(
    `This is the first visit to ${origin}. Its certificate has the fingerprint`,
    ...(shown.fingerprint.match(/.{1,48}/g) ?? []),
    'Compare it with the one on the settings page, on the serving machine itself.',
  );
  if (!(await dialogue.confirm('Is it the same?')))
    throw new NotTrusted('The server was not trusted: nothing was sent.');
  const entry: KnownServer = { fingerprint: shown.fingerprint, pem: shown.pem, since: today };
  await keepKnown(file, { ...known, [origin]: entry });
  return shown.pem;
}

/** @throws NotTrusted where the server shows another certificate than the one that is kept */
async function checkKept(
  origin: string,
  { pem, since, fingerprint }: KnownServer,
  file: string,
): Promise<string> {
  // where nobody answers, the certificate is compared when somebody does
  if (await isStillPinned(origin, pem).catch(() => true)) return pem;
  throw new NotTrusted(
    `${origin} shows another certificate than the one that was trusted on ${since} (${fingerprint.slice(0, 29)}...). Somebody may be in between: nothing was sent. If Muster was set up anew there, compare the fingerprint on its settings page, take the entry out of ${file}, and try again.`,
  );
}

/**
 * As `pinServer`, where nobody can be asked: the certificate is the one that is named, one that was trusted before, or
 * one that the system trusts.
 * @param fingerprint SHA-256 in hexadecimal, with or without colons
 * @throws NotTrusted; an error of the network
 */
export async function pinKnownServer({
  origin,
  file,
  fingerprint,
}: {
  readonly origin: string;
  readonly file: string;
  readonly fingerprint: string | undefined;
}): Promise<string | null> {
  if (!origin.startsWith('https:')) return null;
  const kept = (await readKnown(file))[origin];
  if (kept && fingerprint === undefined) return checkKept(origin, kept, file);
  const shown = await readServerCertificate(origin);
  if (fingerprint === undefined) {
    if (shown.trusted) return null;
    throw new NotTrusted(
      `Nobody has said yet that the certificate of ${origin} is the right one: name its fingerprint, from the settings page, with --pin SHA256, or visit it once with muster terminal --server. Nothing was sent.`,
    );
  }
  const bare = (text: string) => text.replaceAll(':', '').toUpperCase();
  if (bare(fingerprint) === bare(shown.fingerprint)) return shown.pem;
  throw new NotTrusted(
    `${origin} shows another certificate than the one named by --pin. Nothing was sent.`,
  );
}

async function readKnown(file: string): Promise<Readonly<Record<string, KnownServer>>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  try {
    return JSON.parse(text) as Record<string, KnownServer>;
  } catch {
    throw new NotTrusted(
      `${file} is damaged. Move it away: each server is then asked about again.`,
    );
  }
}

async function keepKnown(
  file: string,
  servers: Readonly<Record<string, KnownServer>>,
): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(servers, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}
