import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventId, Instant, OrganisationId, StreamName } from './brand.ts';
import {
  ChainCheck,
  type ChainedEvent,
  digestPayload,
  type EventHeader,
  genesis,
  hashEvent,
} from './ledger.ts';

const stream = 'session:1' as StreamName;
const text = fc.string({ unit: 'binary', maxLength: 8 });
const content = fc.record({
  id: fc.uuid().map((id) => id as EventId),
  type: text,
  occurredAt: fc.nat().map((ms) => ms as Instant),
  receivedAt: fc.nat().map((ms) => ms as Instant),
  actor: text,
  subject: fc.option(text),
  facts: text,
  digest: text,
});

type Content = Omit<EventHeader, 'organisation' | 'stream' | 'seq'> & { digest: string };

function chainOf(contents: readonly Content[]): ChainedEvent[] {
  let previous = genesis;
  return contents.map((part, index) => {
    const organisation = 'school' as OrganisationId;
    const header = { organisation, stream, seq: index + 1, ...part };
    previous = hashEvent(previous, header, part.digest);
    return { ...header, hash: previous };
  });
}

function walk(events: readonly ChainedEvent[], head = events.at(-1)) {
  const check = new ChainCheck();
  for (const event of events) check.next(event);
  return check.end(stream, { seq: head?.seq ?? 0, hash: head?.hash ?? genesis });
}

const chain = fc.array(content, { minLength: 1, maxLength: 6 }).map(chainOf);
const place = fc.nat(5);

describe('a chain', () => {
  test('of any events as they were written has no fault', () => {
    expect(walk([])).toBeNull();
    fc.assert(
      fc.property(chain, (events) => {
        expect(walk(events)).toBeNull();
      }),
    );
  });

  const fields = fc.constantFrom<keyof ChainedEvent>(
    ...(['organisation', 'stream', 'id', 'type', 'occurredAt', 'receivedAt'] as const),
    ...(['actor', 'subject', 'facts', 'digest', 'hash'] as const),
  );

  test('shows any changed field of any event, at that event', () => {
    const other = fc.oneof(text, fc.constantFrom('null', '0', null));
    fc.assert(
      fc.property(
        chain,
        place,
        fields,
        fc.oneof(other, fc.nat()),
        (events, index, field, value) => {
          const at = index % events.length;
          const event = events[at] as ChainedEvent;
          fc.pre(event[field] !== value);
          const changed = events.with(at, { ...event, [field]: value } as ChainedEvent);
          expect(walk(changed, events.at(-1))).toMatchObject({ kind: 'hash', seq: at + 1 });
        },
      ),
    );
  });

  test('shows a missing, doubled, swapped or renumbered event, where it begins', () => {
    fc.assert(
      fc.property(chain, place, (events, index) => {
        const head = events.at(-1);
        const at = index % events.length;
        const event = events[at] as ChainedEvent;
        const last = at === events.length - 1;
        const gap = { kind: 'gap', stream, seq: at + 1 };
        const cut = { kind: 'head', stream, seq: at };
        expect(walk(events.toSpliced(at, 1), head)).toEqual(last ? cut : gap);
        expect(walk(events.toSpliced(at, 0, event), head)).toEqual({ ...gap, seq: at + 2 });
        expect(walk(events.with(at, { ...event, seq: at + 9 }), head)).toEqual(gap);
        const next = events[at + 1];
        if (next) expect(walk(events.with(at, next).with(at + 1, event), head)).toEqual(gap);
      }),
    );
  });

  test('shows an event that was put in the place of another with its number and hash', () => {
    fc.assert(
      fc.property(chain, content, place, (events, part, index) => {
        const at = index % events.length;
        const { organisation, seq, hash, id } = events[at] as ChainedEvent;
        fc.pre(part.id !== id);
        const forged = { organisation, stream, seq, hash, ...part };
        expect(walk(events.with(at, forged), events.at(-1))).toMatchObject({ seq: at + 1 });
      }),
    );
  });

  test('shows a wrong head, and a rewritten chain that ends in another', () => {
    fc.assert(
      fc.property(chain, (events) => {
        const head = events.at(-1) as ChainedEvent;
        const fault = { kind: 'head', stream, seq: events.length };
        expect(walk(events, { ...head, seq: head.seq + 1 })).toEqual(fault);
        expect(walk(events, { ...head, hash: genesis })).toEqual(fault);
        const forged = chainOf(events.map((event) => ({ ...event, facts: `${event.facts}!` })));
        expect(walk(forged, head)).toEqual(fault);
      }),
    );
  });
});

test('no field flows into the next, and a digest needs its salt', () => {
  const [event] = chainOf(fc.sample(content, { numRuns: 1, seed: 1 })) as [ChainedEvent];
  const of = (actor: string, subject: string) =>
    hashEvent(genesis, { ...event, actor, subject }, event.digest);
  expect(of('ab', 'c')).not.toBe(of('a', 'bc'));
  expect(of('a","b', 'c')).not.toBe(of('a', 'b","c'));
  expect(digestPayload('salt', '{}')).not.toBe(digestPayload('pepper', '{}'));
  expect(digestPayload('salt', '{}')).toMatch(/^[0-9a-f]{64}$/);
});
