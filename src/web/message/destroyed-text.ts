import type { EventKind } from '../../core/retention.ts';
import { text } from './text.ts';
import { dayText } from './when.ts';

/** By which rule, and when, what lay sealed in an event was destroyed; null where none did. */
export const destroyedText = (
  destroyed: { readonly rule: EventKind; readonly at: number } | null,
): string | null =>
  destroyed && text(`retention.destroyed-${destroyed.rule}`, { when: dayText(destroyed.at) });
