import { parseArgs } from 'node:util';
import type { Instant } from '../core/brand.ts';
import { localTime } from '../core/local-time.ts';
import { type Erasure, listErasures } from '../store/erasure-list.ts';
import { loadOrganisation } from '../store/organisation.ts';
import type { Description, Flags } from './description.ts';
import { Misused, Refused } from './failure.ts';
import { folderFlags, openHere } from './folders.ts';
import { count, print } from './output.ts';

const flags = {
  ...folderFlags,
  json: { type: 'boolean', default: false, text: 'prints JSON' },
} as const satisfies Flags;

export const description: Description = {
  name: 'erasures',
  arguments: [{ name: 'NUMBER', optional: true }],
  summary: 'lists who was erased for good, by ids only, or prints the certificate of one erasure',
  flags,
};

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: flags, allowPositionals: true });
  const [number, ...more] = positionals;
  if (more.length > 0) throw new Misused('muster erasures takes one number at most.');
  await using opened = await openHere(values);
  const { store } = opened;
  const all = await listErasures(store);
  const { name, zone } = await loadOrganisation(store);
  const when = ({ erasedAt }: Erasure): string => {
    const { date, time } = localTime(erasedAt as Instant, zone);
    return `${date} ${time} (${zone})`;
  };
  if (number === undefined) {
    const line = (one: Erasure) =>
      `${one.epoch}  ${when(one)}  by ${one.actor}  ${count(one.erased.length, 'entry', 'entries')}`;
    if (values.json) await print(JSON.stringify({ erasures: all }));
    else await print(...(all.length === 0 ? ['Nobody was erased yet.'] : all.map(line)));
    return 0;
  }
  const one = all.findLast(({ epoch }) => String(epoch) === number);
  if (!one) throw new Refused(`There is no certificate "${number}".`);
  if (values.json) await print(JSON.stringify(one));
  else await print(...write(one, name, when(one)));
  return 0;
}

const write = (
  { epoch, erased, actor, restored, seq, hash }: Erasure,
  of: string,
  when: string,
) => [
  `Certificate of erasure ${epoch}`,
  `Organisation  ${of}`,
  `${restored ? 'Done again   ' : 'When         '} ${when}`,
  `Ordered by    ${actor}`,
  ...erased.map((id) => `Erased        ${id}`),
  `Keys          The keys of everybody else were wrapped anew under epoch ${epoch};`,
  '              the keys of earlier epochs are destroyed.',
  `In the ledger Stream people, event ${seq}`,
  `              hash ${hash}`,
];
