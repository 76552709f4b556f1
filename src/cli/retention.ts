import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Send } from '../client/request.ts';
import { runRetention as askToRun, loadRetention } from '../client/retention.ts';
import { describeRule } from '../core/privacy.ts';
import { type RetentionKind, retentionKinds } from '../core/retention.ts';
import type { RetentionView } from '../core/retention.wire.ts';
import { presentRetention } from '../server/retention.ts';
import { Settings } from '../server/settings.ts';
import { Directory } from '../store/directory.ts';
import { runRetention } from '../store/retention.ts';
import { connectTo, findServer, granted, sentenceOf } from './connection.ts';
import type { Description, Flags } from './description.ts';
import { Misused, Refused } from './failure.ts';
import { findFolders, folderFlags, openHere } from './folders.ts';
import { print } from './output.ts';
import { writeTable } from './script/table.ts';

const ownFlags = {
  ...folderFlags,
  json: { type: 'boolean', default: false, text: 'prints one JSON document' },
} as const satisfies Flags;

const runFlags = {
  'dry-run': {
    type: 'boolean',
    default: false,
    text: 'destroys nothing, and says what it would',
  },
} as const satisfies Flags;

const flags = { ...ownFlags, ...runFlags } as const;

export const description: Description = {
  name: 'retention',
  summary: 'says how long data are kept and what goes next, and destroys what is too old',
  flags: ownFlags,
  actions: [
    { name: 'preview', summary: 'the rules, and what the next run destroys' },
    {
      name: 'run',
      summary: 'destroys at once what is too old by the rules; asks nothing',
      flags: runFlags,
    },
  ],
  notes: [
    'A running server does this by itself every day. The rules are changed on the settings page.',
  ],
  exits: { 1: 'the run was broken off: the next one goes on', 2: 'another run is under way' },
};

/** The preview that comes with the answer is some work. */
const lookEveryMs = 5_000;

type Values = ReturnType<typeof parseArgs<{ options: typeof flags }>>['values'];
type Counts = Readonly<Partial<Record<RetentionKind, number>>>;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: flags, allowPositionals: true });
  const [action, ...more] = positionals;
  if ((action !== 'preview' && action !== 'run') || more.length > 0)
    throw new Misused('muster retention takes preview or run.');
  return action === 'preview' || values['dry-run'] ? preview(values) : destroy(values);
}

async function preview(values: Values): Promise<number> {
  const view = await look(values);
  if (values.json) await print(JSON.stringify(view));
  else await print(...describeView(view));
  return 0;
}

/** A server that runs is asked: it has names and keys in memory. */
async function look(values: Values): Promise<RetentionView> {
  const server = await findServer(findFolders(values));
  if (server) return granted(await loadRetention(connectTo(server).send));
  await using opened = await openHere(values);
  const { store } = opened;
  const settings = await Settings.load(store);
  const place = { store, settings, directory: new Directory(store) };
  return await presentRetention(place, { named: true });
}

async function destroy(values: Values): Promise<number> {
  const { counts, ended } = await destroyNow(values);
  if (values.json) await print(JSON.stringify({ counts, ended }));
  else await print(...describeRun(counts, ended));
  return ended ? 0 : 1;
}

async function destroyNow(values: Values): Promise<{ counts: Counts; ended: boolean }> {
  const server = await findServer(findFolders(values));
  if (server) return waitForRun(connectTo(server).send);
  await using opened = await openHere(values);
  const { store } = opened;
  const { zone } = (await Settings.load(store)).current;
  const done = await runRetention(store, { actor: 'operator', zone });
  if (!done.ok) {
    const problem = { code: done.code, status: 409, requestId: null, detail: {} };
    throw new Refused(sentenceOf(problem), done.code);
  }
  return done;
}

/** One that takes long goes on behind the answer: what it has done is asked for until it has ended. */
async function waitForRun(send: Send): Promise<{ counts: Counts; ended: boolean }> {
  const answer = granted(await askToRun(send));
  if (!answer.goesOn) return answer;
  for (;;) {
    await setTimeout(lookEveryMs);
    const { lastRun } = granted(await loadRetention(send));
    if (lastRun && lastRun.endedAt !== null) return { counts: lastRun.counts, ended: true };
  }
}

function describeView({ rules, due, lastRun, held }: RetentionView): string[] {
  const rows = due.map(({ kind, count, more, oldestAt }) => [
    kind,
    describeRule(rules[kind]) ?? 'for ever',
    `${more ? 'over ' : ''}${count}`,
    oldestAt === null ? '' : new Date(oldestAt).toISOString(),
  ]);
  const last = lastRun ? `${new Date(lastRun.at).toISOString()} by ${lastRun.by}` : 'never';
  return [
    ...writeTable(['KIND', 'KEPT', 'GOES NEXT', 'OLDEST'], rows),
    `Destroyed last: ${last}`,
    ...(held > 0 ? [`Legal holds keep the data of ${held}.`] : []),
  ];
}

function describeRun(counts: Counts, ended: boolean): string[] {
  const gone = retentionKinds.flatMap((kind) => {
    const count = counts[kind] ?? 0;
    return count > 0 ? [`${kind}: ${count}`] : [];
  });
  return [
    gone.length === 0 ? 'Nothing was old enough.' : `Destroyed. ${gone.join(', ')}`,
    ...(ended ? [] : ['The run was broken off: the next one goes on.']),
  ];
}
