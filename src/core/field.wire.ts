import { z } from 'zod';
import type { GroupId, Instant, LocalDate, PersonId } from './brand.ts';
import { oneLine } from './person.ts';

/** Fields that several contracts share; texts are bounded before anything else looks at them. */
const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);

export const personId = uuid.transform((id) => id as PersonId);
export const groupId = uuid.transform((id) => id as GroupId);
export const instant = z
  .int()
  .min(0)
  .max(8_640_000_000_000_000)
  .transform((at) => at as Instant);
export const localDate = z.iso.date().transform((date) => date as LocalDate);
/** Raw text of a number or a name: the rules of person.ts judge it, this only bounds it. */
export const rawText = z.string().max(20_000);
export const title = z.string().max(1_000).transform(oneLine).pipe(z.string().min(1).max(120));
/** Several lines may stay lines. */
export const note = z
  .string()
  .max(2_000)
  .transform((text) =>
    text
      .split(/\r\n|[\r\n]/)
      .map(oneLine)
      .join('\n')
      .trim(),
  )
  .pipe(z.string().max(500));
/** Why something is done. */
export const reason = note.pipe(z.string().min(1));
export const secretText = z.string().min(1).max(1_000);
