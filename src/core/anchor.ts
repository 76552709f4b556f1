/** The ends of all streams at one moment, as a signed text that is kept away from the data. */
export interface Anchor {
  readonly organisation: string;
  /** `2026-11-23T08:00:00.000Z`. */
  readonly madeAt: string;
  /** Ed25519 public key, 32 bytes in base64url. */
  readonly key: string;
  readonly heads: readonly AnchoredHead[];
}

export interface AnchoredHead {
  readonly stream: string;
  readonly seq: number;
  readonly hash: string;
}

/** What is signed: readable lines, each ended by a line feed. */
export const writeAnchor = ({ organisation, madeAt, key, heads }: Anchor): string =>
  [
    'muster anchor 1',
    `organisation ${organisation}`,
    `made ${madeAt}`,
    `key ${key}`,
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
  const heads = rest.map((line) => /^stream (\S+) (\d{1,15}) ([\da-f]{64})$/.exec(line));
  const madeAt = /^made (\d{4}-\d\d-\d\dT[\d:.]+Z)$/.exec(made ?? '')?.[1];
  const of = /^organisation (\S+)$/.exec(organisation ?? '')?.[1];
  const publicKey = /^key ([\w-]{43})$/.exec(key ?? '')?.[1];
  if (first !== 'muster anchor 1' || !of || !publicKey || !signature) return null;
  if (!madeAt || heads.includes(null)) return null;
  const anchor = {
    organisation: of,
    madeAt,
    key: publicKey,
    heads: heads.map((match) => ({
      stream: match?.[1] ?? '',
      seq: Number(match?.[2]),
      hash: match?.[3] ?? '',
    })),
  };
  return { anchor, signature };
}
