import { type Identity, listFields, tidyIdentity } from './identity.ts';
import type { MergeResult } from './people.wire.ts';

/**
 * What is known of somebody who was kept as two people: what the one who stays has, filled up with what only the
 * other has; fields in `take` come from the other wherever that one has them.
 */
export function mergeIdentities(
  from: Identity,
  into: Identity,
  take: ReadonlySet<string>,
): Identity {
  const { own: theirs = {}, ...rest } = tidyIdentity(from);
  const { own: ours = {}, ...kept } = tidyIdentity(into);
  const merged: Record<string, unknown> = { ...kept };
  for (const [field, text] of Object.entries(rest)) {
    if (text !== null && (!merged[field] || take.has(field))) merged[field] = text;
  }
  const own: Record<string, string> = { ...ours };
  for (const [id, text] of Object.entries(theirs)) {
    if (own[id] === undefined || take.has(`own.${id}`)) own[id] = text;
  }
  return tidyIdentity({ ...(merged as unknown as Identity), own });
}

/** Every field that either has, as it stands and as it will be. */
export function compareFields(
  from: Identity,
  into: Identity,
  merged: Identity,
): MergeResult['fields'] {
  const [theirs, ours, result] = [from, into, merged].map(listFields) as [
    Map<string, string>,
    Map<string, string>,
    Map<string, string>,
  ];
  return [...new Set([...ours.keys(), ...theirs.keys()])].map((field) => ({
    field,
    from: theirs.get(field) ?? null,
    into: ours.get(field) ?? null,
    result: result.get(field) ?? null,
  }));
}
