/** The ends of streams at one moment, as a signed text that is kept away from the data. */
export interface Anchor {
  readonly organisation: string;
  /** `2026-11-23T08:00:00.000Z`. */
  readonly madeAt: string;
  /** Ed25519 public key, 32 bytes in base64url. */
  readonly key: string;
  /** SHA-256 of the anchor before, in hex: then only streams that grew since are listed; null where all are. */
  readonly after: string | null;
  readonly heads: readonly AnchoredHead[];
}

export interface AnchoredHead {
  readonly stream: string;
  readonly seq: number;
  readonly hash: string;
}

/** What is signed: readable lines, each ended by a line feed. */
export const writeAnchor = ({ organisation, madeAt, key, after, heads }: Anchor): string =>
  [
    `muster anchor ${after === null ? 1 : 2}`,
    `organisation ${organisation}`,
    `made ${madeAt}`,
    `key ${key}`,
    ...(after === null ? [] : [`after ${after}`]),
    ...heads.map(({ stream, seq, hash }) => `stream ${stream} ${seq} ${hash}`),
    '',
  ].join('\n');

/** The last line of the text. */
export const writeSignature = (signature: string): string => `signature ${signature}\n`;

/**
 * Reads the text back; null where it is no anchor. Line ends and spaces at them may have been changed on the way, by
 * mail for instance.
 */
export function readAnchor(
  text: string,
): { readonly anchor: Anchor; readonly signature: string } | null {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const [first, organisation, made, key, ...rest] = lines;
  const signature = /^signature ([\w-]{86})$/.exec(rest.pop() ?? '')?.[1];
  const version = /^muster anchor ([12])$/.exec(first ?? '')?.[1];
  const after = version === '2' ? /^after ([\da-f]{64})$/.exec(rest.shift() ?? '')?.[1] : null;
  const heads = rest.map((line) => /^stream (\S+) (\d{1,15}) ([\da-f]{64})$/.exec(line));
  const madeAt = /^made (\d{4}-\d\d-\d\dT[\d:.]+Z)$/.exec(made ?? '')?.[1];
  const of = /^organisation (\S+)$/.exec(organisation ?? '')?.[1];
  const publicKey = /^key ([\w-]{43})$/.exec(key ?? '')?.[1];
  if (!version || after === undefined || !of || !publicKey || !signature) return null;
  if (!madeAt || heads.includes(null)) return null;
  const anchor = {
    organisation: of,
    madeAt,
    key: publicKey,
    after,
    heads: heads.map((match) => ({
      stream: match?.[1] ?? '',
      seq: Number(match?.[2]),
      hash: match?.[3] ?? '',
    })),
  };
  return { anchor, signature };
}

/** The digest of an anchor as it is printed and mailed: sixteen groups of four. */
export const writeFingerprint = (digest: string): string => (digest.match(/.{4}/g) ?? []).join(' ');

/**
 * The digest in a text that somebody got by mail or typed from paper: sixteen groups of four hex digits, however the
 * lines are broken or quoted. Null where there is none.
 */
export function readFingerprint(text: string): string | null {
  const found = /(?<![\da-f])(?:[\da-f]{4}[\s>:-]*){16}(?![\da-f])/i.exec(text)?.[0];
  return found?.replace(/[^\da-f]/gi, '').toLowerCase() ?? null;
}
