import { z } from 'zod';
import { refusalCodes } from './refusal.ts';

/** The body of every refusal (RFC 9457, application/problem+json). */
const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  code: z.enum(refusalCodes),
  requestId: z.string(),
  /** Plain values for the sentence: a limit, a time, the field that is wrong. */
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});
export type Problem = z.infer<typeof problem>;
