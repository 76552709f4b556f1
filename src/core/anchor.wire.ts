import { z } from 'zod';

/** POST /api/anchors/settings (administrators): when an anchor is made each day, and to whom its fingerprint goes. */
export const anchorSettings = z.strictObject({
  /** `HH:MM` by the clock of the organisation's zone; null: none is made by itself. */
  time: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .nullable(),
  to: z.array(z.string().max(250)).max(20),
});
export type AnchorSettings = z.infer<typeof anchorSettings>;

/** One that is kept. */
export interface AnchorLine {
  readonly madeAt: number;
  /** SHA-256 of its text, in hex: what is printed and mailed. */
  readonly digest: string;
  /** Streams that it lists. */
  readonly streams: number;
}

/** GET /api/anchors: the newest 400, newest first. */
export interface AnchorList {
  readonly settings: AnchorSettings;
  /** The public key that signed them, base64url. */
  readonly key: string;
  readonly anchors: readonly AnchorLine[];
}

/** POST /api/anchors -> AnchorLine; GET /api/anchors/:digest -> the signed text */
