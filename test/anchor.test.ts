// `muster anchor` and `muster verify --anchor`: what was cut off or rewritten with all its hashes is seen.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readAnchor } from '../src/core/anchor.ts';
import type { StreamName } from '../src/core/brand.ts';
import type { Clock } from '../src/core/clock.ts';
import { checkAnchor, isSigned, type MadeAnchor, makeAnchor } from '../src/store/anchor.ts';
import type { DatabaseAddress } from '../src/store/database-address.ts';
import {
  checkAnchors,
  findNoted,
  insertAnchor,
  listAnchors,
  openKept,
} from '../src/store/kept-anchor.ts';
import { commit, type Writing } from '../src/store/ledger.ts';
import { openStore } from '../src/store/open.ts';
import { organisationStream, peopleStream, type Store } from '../src/store/store.ts';
import { followStretches } from '../src/store/stretch.ts';
import { systemRandom } from '../src/store/system-random.ts';
import { finish, verifyLedger } from '../src/store/verify.ts';
import { FakeClock, realClock } from './app.ts';
import { engineNames, freshDatabase } from './engines.ts';
import { Muster } from './muster.ts';

let home: string;
const at = (name: string) => join(home, name);
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'muster-anchor-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const open = (address?: DatabaseAddress, clock: Clock = realClock) =>
  openStore({
    address,
    folder: at('data'),
    keysFor: () => at('keys'),
    clock,
    random: systemRandom,
    zone: 'Europe/Berlin',
  });

const note = (store: Store, stream: StreamName, type = 'note') =>
  commit(store, ({ now, append }) =>
    append([{ stream, type, occurredAt: now, actor: 'operator', subject: null }]),
  );

/** Takes a stream back to its first events, as somebody would who holds the database. */
const cut = ({ engine, organisation }: Store, stream: StreamName, seq: number) =>
  engine.write(async (tx) => {
    const mine = tx.deleteFrom('event').where('organisation', '=', organisation);
    await mine.where('stream', '=', stream).where('seq', '>', seq).execute();
    const { hash } = await tx
      .selectFrom('event')
      .select('hash')
      .where('organisation', '=', organisation)
      .where('stream', '=', stream)
      .where('seq', '=', seq)
      .executeTakeFirstOrThrow();
    await tx
      .updateTable('stream')
      .set({ seq, hash })
      .where('organisation', '=', organisation)
      .where('stream', '=', stream)
      .execute();
  });

describe('an anchor', () => {
  test.each(engineNames)('on %s shows what the chains alone cannot', async (engine) => {
    await using database = await freshDatabase(engine);
    await using opened = await open(database.address);
    const { store } = opened;
    for (let index = 0; index < 3; index += 1) {
      await note(store, organisationStream);
      await note(store, peopleStream);
    }
    const read = readAnchor((await makeAnchor(store, 'operator')).text);
    if (!read) throw new Error('the anchor cannot be read');
    const { anchor, signature } = read;
    expect(isSigned(anchor, signature)).toBe(true);
    expect(isSigned({ ...anchor, heads: anchor.heads.slice(1) }, signature)).toBe(false);
    // its own event is one more
    expect(await checkAnchor(store, anchor)).toEqual({ same: 1, grown: 1, begun: 0, faults: [] });
    await note(store, 'group:new' as StreamName);
    expect(await checkAnchor(store, anchor)).toMatchObject({ begun: 1, faults: [] });
    await cut(store, peopleStream, 2);
    expect((await finish(verifyLedger(store, { chainsOnly: true }))).ok).toBe(true);
    expect((await checkAnchor(store, anchor)).faults).toEqual([
      { kind: 'cut', stream: peopleStream, seq: 3 },
    ]);
    await note(store, peopleStream, 'other');
    expect((await finish(verifyLedger(store, { chainsOnly: true }))).ok).toBe(true);
    expect((await checkAnchor(store, anchor)).faults).toEqual([
      { kind: 'rewritten', stream: peopleStream, seq: 3 },
    ]);
  });

  test.each(engineNames)(
    'of a day on %s follows the one before: what it does not list is held by those',
    async (engine) => {
      await using database = await freshDatabase(engine);
      const clock = new FakeClock();
      await using opened = await open(database.address, clock);
      const { store } = opened;
      const day = () => clock.advance(24 * 3_600_000);
      const make = async () => {
        await followStretches(store, () => true);
        const [previous = null] = await listAnchors(store, 1);
        const along = (writing: Writing, made: MadeAnchor) => insertAnchor(store, writing, made);
        return makeAnchor(store, 'job', { previous, along });
      };
      await note(store, peopleStream);
      await note(store, peopleStream);
      await note(store, 'group:quiet' as StreamName);
      day();
      const first = await make();
      expect(first.anchor).toMatchObject({ after: null, heads: [{}, {}] });
      day();
      await note(store, peopleStream);
      clock.advance(2 * 3_600_000);
      const second = await make();
      expect(second.anchor.after).toBe(first.digest);
      expect(second.anchor.heads.map(({ stream }) => stream)).toEqual([
        organisationStream,
        peopleStream,
      ]);
      day();
      const third = await make();
      const { anchor } = third;
      expect(anchor.heads.map(({ stream }) => stream)).toEqual([organisationStream]);
      expect(readAnchor(third.text)?.anchor).toEqual(anchor);
      expect(await checkAnchors(store, anchor)).toEqual({
        same: 2,
        grown: 1,
        begun: null,
        faults: [],
        earlier: 2,
        lost: null,
      });
      expect(await openKept(store, third.digest)).toEqual(anchor);
      await cut(store, peopleStream, 2);
      expect((await checkAnchors(store, anchor)).faults).toEqual([
        { kind: 'cut', stream: peopleStream, seq: 3 },
      ]);
      // who also takes the anchors away that say so is seen by that
      await store.engine.write((tx) =>
        tx.deleteFrom('anchor').where('digest', '=', second.digest).execute(),
      );
      expect(await checkAnchors(store, anchor)).toMatchObject({ lost: second.digest });
      expect(await findNoted(store, second.digest)).toBe(Date.parse(second.anchor.madeAt));
      expect(await findNoted(store, 'f'.repeat(64))).toBeNull();
      await store.engine.write((tx) =>
        tx
          .updateTable('anchor')
          .set({ text: first.text })
          .where('digest', '=', third.digest)
          .execute(),
      );
      expect(await openKept(store, third.digest)).toBeNull();
    },
  );

  test('is written and compared by commands, and refused where it was changed', async () => {
    {
      await using opened = await open();
      await note(opened.store, organisationStream);
      await note(opened.store, peopleStream);
      await note(opened.store, peopleStream);
    }
    const run = async (...args: string[]) => {
      await using muster = new Muster(home, [...args, '--data', at('data'), '--keys', at('keys')]);
      return await muster.ended;
    };
    const made = await run('anchor', at('anchor.txt'), '--json');
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(made.out)).toMatchObject({ file: at('anchor.txt'), streams: 2 });
    const { digest } = JSON.parse(made.out) as { digest: string };
    const asked = await run('verify', '--anchor', digest);
    expect(asked).toMatchObject({ code: 2, out: '' });
    expect(asked.err).toMatch(/^The ledger notes an anchor with this fingerprint of 20/);
    const good = await run('verify', '--anchor', at('anchor.txt'));
    expect(good).toMatchObject({ code: 0, err: '' });
    expect(good.out).toMatch(/1 stream as then, 1 grew, 0 were begun since; all chains hold/);
    const text = await readFile(at('anchor.txt'), 'utf8');
    await writeFile(at('mailed.txt'), text.replaceAll('\n', '\r\n'));
    expect((await run('verify', '--anchor', at('mailed.txt'))).code).toBe(0);
    await writeFile(at('changed.txt'), text.replace('stream people 2', 'stream people 1'));
    const changed = await run('verify', '--anchor', at('changed.txt'));
    expect(changed.code).toBe(2);
    expect(changed.err).toContain('its signature does not hold');
    {
      await using opened = await open();
      await cut(opened.store, peopleStream, 1);
    }
    const bad = await run('verify', '--anchor', at('anchor.txt'));
    expect(bad.code).toBe(1);
    expect(bad.out).toContain('people, event 2: events up to this one');
    expect((await run('verify')).code).toBe(0);
  });
});
