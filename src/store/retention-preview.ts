import type { Cutoffs, RetentionKind } from '../core/retention.ts';
import { eventKinds, retentionKinds } from '../core/retention.ts';
import { loadHeld } from './held.ts';
import { walkDue } from './retention-event.ts';
import { walkDueMail } from './retention-mail.ts';
import { listDueGuests, listDueInactive } from './retention-person.ts';
import type { Store } from './store.ts';

/** So many are counted of a kind. */
const mostCounted = 20_000;
const mostExamples = 5;

/** What a run would destroy of one kind. */
export interface KindDue {
  readonly kind: RetentionKind;
  readonly count: number;
  readonly more: boolean;
  readonly oldestAt: number | null;
  /** The first few that were met; a person's id where it is about one. */
  readonly examples: readonly { readonly at: number; readonly person: string | null }[];
}

interface Due {
  readonly at: number;
  readonly person: string | null;
}

/** What a run with these cut-offs would destroy; a kind without one destroys nothing. Changes nothing. */
export async function previewDue(store: Store, cutoffs: Cutoffs): Promise<KindDue[]> {
  const held = await loadHeld(store, store.engine.read);
  const kinds: KindDue[] = [];
  for (const kind of retentionKinds) {
    const cutoff = cutoffs[kind];
    kinds.push(await count(kind, cutoff === undefined ? [] : listDue(store, kind, cutoff, held)));
  }
  return kinds;
}

async function* listDue(
  store: Store,
  kind: RetentionKind,
  cutoff: number,
  held: ReadonlySet<string>,
): AsyncGenerator<Due, void> {
  const ofEvents = eventKinds.find((one) => one === kind);
  if (ofEvents) {
    for await (const { events } of walkDue(store, ofEvents, cutoff, held)) {
      for (const { receivedAt, people } of events) {
        yield { at: receivedAt, person: people[0] ?? null };
      }
    }
  } else if (kind === 'mail') {
    for await (const mails of walkDueMail(store, cutoff, held)) {
      for (const { at } of mails) yield { at, person: null };
    }
  } else {
    const list = kind === 'guests' ? listDueGuests : listDueInactive;
    for (const { person, since } of await list(store, cutoff, held)) yield { at: since, person };
  }
}

async function count(
  kind: RetentionKind,
  due: AsyncIterable<Due> | readonly Due[],
): Promise<KindDue> {
  let number = 0;
  let oldestAt: number | null = null;
  const examples: Due[] = [];
  for await (const one of due) {
    if (number === mostCounted) return { kind, count: number, more: true, oldestAt, examples };
    number += 1;
    oldestAt = Math.min(oldestAt ?? one.at, one.at);
    if (examples.length < mostExamples) examples.push(one);
  }
  return { kind, count: number, more: false, oldestAt, examples };
}
