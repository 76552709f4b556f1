import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { erasePerson } from './erasure.ts';
import { exportLedger } from './ledger-export.ts';
import { checkInGuests, openRoll, openThrowaway, type Throwaway } from './throwaway.ts';
import { type FileReport, verifyFile } from './verify-file.ts';

let place: Throwaway;
let opened: Buffer;
let closed: Buffer;

async function exported(open: boolean): Promise<Buffer> {
  let text = '';
  for await (const piece of exportLedger(place.store, { open })) text += piece;
  return Buffer.from(text);
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) {
    yield bytes.subarray(start, start + size);
  }
}

const verify = (bytes: Buffer, size = 4096): Promise<FileReport> =>
  verifyFile(inPieces(bytes, size));

beforeAll(async () => {
  place = await openThrowaway({ at: '2026-11-23T08:00:00+01:00' });
  const { store } = place;
  for (const name of ['Åsa "the" Ω, 1', '名前\u2028', '\ufffd']) {
    const roll = await openRoll(store, 'Europe/Berlin');
    place.clock.at += 60_000;
    await checkInGuests(store, roll, [
      ['1', name],
      ['2', 'Grace'],
    ]);
  }
  opened = await exported(true);
  closed = await exported(false);
});

afterAll(() => place[Symbol.asyncDispose]());

describe('exportLedger and verifyFile', () => {
  test('an exported ledger verifies, with payloads opened or left out, in pieces of any size', async () => {
    for (const size of [1, 7, 4096, 1_000_000]) {
      expect(await verify(opened, size)).toMatchObject({
        ok: true,
        streams: 3,
        events: 9,
        payloads: 9,
      });
      expect(await verify(closed, size)).toMatchObject({ ok: true, events: 9, payloads: 0 });
    }
    expect(opened.toString()).toContain('Grace');
    expect(closed.toString()).not.toContain('Grace');
  });

  test('any changed bit is found, and the line that it stands in is named', async () => {
    for (const file of [opened, closed]) {
      const flip = fc.record({
        at: fc.nat({ max: file.length - 1 }),
        bit: fc.integer({ min: 0, max: 7 }),
      });
      await fc.assert(
        fc.asyncProperty(flip, async ({ at, bit }) => {
          const changed = Buffer.from(file);
          changed[at] = (changed[at] as number) ^ (1 << bit);
          const { ok, faults } = await verify(changed);
          const line = file.subarray(0, at).filter((byte) => byte === 10).length + 1;
          expect(ok).toBe(false);
          expect(faults[0]?.line).toBe(line);
          const original = JSON.parse(file.toString().split('\n')[line - 1] as string);
          // a bit of the stream's own name or number may be the one that was changed
          const inPlace = at - file.lastIndexOf(10, at - 1) - 1;
          const named = JSON.stringify({ stream: original.stream, seq: original.seq }).length;
          if (original.stream === undefined || inPlace <= named) return;
          expect(faults[0]).toMatchObject({ stream: original.stream, seq: original.seq });
        }),
        { numRuns: 1_000 },
      );
    }
  }, 60_000);

  test('a line taken out, doubled or put elsewhere is found', async () => {
    const lines = opened.toString().trimEnd().split('\n');
    const whole = (list: readonly string[]) => Buffer.from(`${list.join('\n')}\n`);
    expect((await verify(whole(lines))).ok).toBe(true);
    for (const index of lines.keys()) {
      const without = await verify(whole(lines.toSpliced(index, 1)));
      const doubled = await verify(whole(lines.toSpliced(index, 0, lines[index] as string)));
      expect(without.ok, `without line ${index + 1}`).toBe(false);
      expect(doubled.ok, `line ${index + 1} doubled`).toBe(false);
    }
    // a whole stream left out with its head
    const one = JSON.parse(lines[1] as string).stream as string;
    expect((await verify(whole(lines.filter((line) => !line.includes(one))))).ok).toBe(false);
  });

  test('a file cut off anywhere is found', async () => {
    for (let length = 0; length < closed.length; length += 97) {
      expect((await verify(closed.subarray(0, length))).ok).toBe(false);
    }
    expect((await verify(closed.subarray(0, closed.length - 1))).faults).toMatchObject([
      { kind: 'cut' },
    ]);
  });

  test('what was changed in the database shows in the file', async () => {
    const { engine } = place.store;
    const set = (facts: string) =>
      engine.write((tx) =>
        sql`update event set facts = ${facts} where seq = 2 and stream = (select min(stream) from event)`.execute(
          tx,
        ),
      );
    const { facts } = await engine.read
      .selectFrom('event')
      .select('facts')
      .where('seq', '=', 2)
      .orderBy('stream')
      .executeTakeFirstOrThrow();
    await set(`${facts} `);
    const { faults } = await verify(await exported(true));
    expect(faults[0]).toMatchObject({ kind: 'hash', line: 3, seq: 2 });
    await set(facts);
    expect((await verify(await exported(true))).ok).toBe(true);
  });

  test('an erased person leaves a file that verifies and does not name them', async () => {
    const { subject } = await place.store.engine.read
      .selectFrom('event')
      .select('subject')
      .where('subject', 'is not', null)
      .executeTakeFirstOrThrow();
    const before = await verify(await exported(true));
    await erasePerson(place.store, 'operator', subject as never);
    const after = await verify(await exported(true));
    expect(after).toMatchObject({ ok: true, payloads: before.payloads - 1 });
  });
});
