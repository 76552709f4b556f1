import { inviteTerminal, listTerminals, revokeTerminal } from '../client/terminal.ts';
import type { TerminalLine } from '../core/terminal.wire.ts';
import { granted, type MenuItem, type Place, runMenu } from './place.ts';
import { dayAndTime } from './when.ts';

/** Shared terminals: a code that pairs one, and an end to those that stand. */
export const showTerminals = (place: Place): Promise<void> =>
  runMenu(
    place,
    () => 'Shared terminals (choose one to end it)',
    () => terminalItems(place),
  );

async function terminalItems(place: Place): Promise<MenuItem[]> {
  const { dialogue, visit } = place;
  const terminals = granted(place, await listTerminals(visit.send));
  const standing = terminals.filter(({ state }) => state !== 'revoked');
  return [
    ...standing.map((terminal) => ({
      label: terminal.name,
      hint: describe(terminal, place.me.zone),
      run: async () => {
        if (!(await dialogue.confirm(`End ${terminal.name}? Nothing it sends is taken then.`)))
          return;
        granted(place, await revokeTerminal(visit.send, terminal.terminal));
        dialogue.say(`${terminal.name} has ended.`);
      },
    })),
    { label: 'Pair a terminal', run: () => invite(place) },
  ];
}

const describe = ({ state, seenAt }: TerminalLine, zone: string): string =>
  state === 'paired' && seenAt !== null ? `seen ${dayAndTime(seenAt, zone)}` : 'not paired yet';

async function invite(place: Place): Promise<void> {
  const { dialogue, visit, me } = place;
  const name = await dialogue.ask('Where does it stand?');
  const { code, expiresAt } = granted(place, await inviteTerminal(visit.send, name));
  dialogue.say(
    `Start muster terminal --kiosk there and type  ${code}`,
    `It works once, until ${dayAndTime(expiresAt, me.zone)}. It is not shown again.`,
  );
}
