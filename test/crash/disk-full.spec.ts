import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Receipt } from '../../src/core/check-in.wire.ts';
import { type Reply, Visitor } from '../visitor.ts';
import { Arrival, guestComer } from './arrival.ts';
import { openHall } from './hall.ts';
import { listCheckIns, listFaults } from './ledger-audit.ts';
import { isLinux } from './linux-only.ts';
import { ServerProcess } from './server-process.ts';
import { onSmallDisk } from './small-disk.ts';
import { noon } from './ticking-clock.ts';

const mebibyte = 2 ** 20;
const ballastBytes = 1 * mebibyte;
const phonesAtOnce = 4;
/** So many waves that are refused whole mean that the disk is full. */
const fullWaves = 3;

/** The refusal as it is agreed: the phone tries again by itself. */
function expectDiskFull(reply: Reply<unknown>): void {
  expect(reply.problem).toMatchObject({
    code: 'disk-full',
    status: 507,
    title: 'The disk is full',
  });
  expect(reply.status).toBe(507);
  expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
}

test('a full disk refuses check-ins, loses none, and takes them again when there is room', async () => {
  if (!isLinux('What happens on a full disk')) return;
  await using hall = await openHall(0);
  await writeFile(join(hall.options.dataFolder, 'ballast'), new Uint8Array(ballastBytes).fill(1));
  const disk = join(hall.folder, 'disk');
  const kept = join(hall.folder, 'kept');
  const from = hall.options.dataFolder;
  const inside = await onSmallDisk({ disk, from, kept, bytes: 3 * mebibyte });
  await using server = await ServerProcess.start(
    { ...hall.options, dataFolder: disk, dayFolder: null },
    inside,
  );
  const { origin } = server;

  const accepted: Arrival[] = [];
  const refused: Arrival[] = [];
  let count = 0;
  const wave = async (): Promise<Reply<Receipt>[]> => {
    const arrivals = await Promise.all(
      Array.from({ length: phonesAtOnce }, () => {
        count += 1;
        return Arrival.scan(origin, guestComer(hall.roll, count), noon);
      }),
    );
    const replies = await Promise.all(arrivals.map((arrival) => arrival.send(origin)));
    for (const [index, arrival] of arrivals.entries()) {
      if (replies[index]?.status === 200) accepted.push(arrival);
      else refused.push(arrival);
    }
    return replies;
  };

  for (let inARow = 0; inARow < fullWaves; ) {
    expect(count, 'the disk never filled').toBeLessThan(5_000);
    const replies = await wave();
    const refusals = replies.filter(({ status }) => status !== 200);
    refusals.forEach(expectDiskFull);
    inARow = refusals.length === phonesAtOnce ? inARow + 1 : 0;
  }
  expect(accepted.length).toBeGreaterThan(phonesAtOnce);
  expect(await server.warnings()).toMatchObject([{ kind: 'disk-full' }]);

  // it lives: pages and receipts are read
  expect((await new Visitor(origin).get('/in')).status).toBe(200);
  for (const arrival of accepted) {
    const look = await arrival.look(origin);
    expect(look.status).toBe(200);
    expect(look.value.proof).toBe(arrival.receipt?.proof);
  }
  for (const arrival of refused) expect((await arrival.look(origin)).status).toBe(404);

  await server.remove(join(disk, 'ballast'));
  for (const arrival of refused) {
    const reply = await arrival.send(origin);
    expect(reply).toMatchObject({ status: 200, value: { status: 'present', already: false } });
    accepted.push(arrival);
  }
  for (const { status } of await wave()) expect(status).toBe(200);
  expect(await server.warnings()).toEqual([]);
  expect(await server.stop()).toEqual({ code: 0, signal: null });

  await using opened = await hall.open(kept);
  const checkIns = await listCheckIns(opened.store, [hall.roll.session]);
  expect(checkIns.map(({ attempt }) => attempt).sort()).toEqual(
    accepted.map(({ attempt }) => attempt).sort(),
  );
  const proofs = new Map(checkIns.map(({ attempt, event }) => [attempt, event.hash.slice(0, 10)]));
  for (const { attempt, receipt } of accepted) expect(receipt?.proof).toBe(proofs.get(attempt));
  expect(await listFaults(opened.store)).toEqual([]);
});
