import { erasePerson } from '../../client/erasure.ts';
import {
  addToOrganisation,
  changeInOrganisation,
  deactivatePerson,
  mergePerson,
  reactivatePerson,
} from '../../client/people.ts';
import { assignPassword } from '../../client/sign-in.ts';
import type { PersonId } from '../../core/brand.ts';
import { checkNumber } from '../../core/person.ts';
import { granted } from '../connection.ts';
import { Misused, Refused } from '../failure.ts';
import { count } from '../output.ts';
import { type Action, type At, action, type Outcome } from '../script/action.ts';
import { findPerson } from '../script/find.ts';
import { fields, readFields } from './fields.ts';

const personArgument = [{ name: 'PERSON' }] as const;
const reasonFlag = { type: 'string', value: 'TEXT', text: 'why; the ledger keeps it' } as const;

/** Changing people, one by one. */
export const changePeople: readonly Action[] = [
  action({
    name: 'add',
    summary: 'a new person; a name is needed',
    flags: fields,
    changes: true,
    async run({ act, isDryRun }, _words, values) {
      const wanted = readFields(values);
      if (wanted.name === undefined) throw new Misused('A person needs a --name.');
      const { person } = granted(await addToOrganisation(act, { ...wanted, name: wanted.name }));
      const { number = null, name } = wanted;
      return {
        json: { ...(isDryRun ? {} : { person }), number, name },
        lines: [`${name} is added.`],
      };
    },
  }),
  action({
    name: 'change',
    arguments: personArgument,
    summary: 'some fields of a person; an empty text takes one away',
    flags: fields,
    changes: true,
    async run({ act, look }, [word = ''], values) {
      const change = readFields(values);
      if (Object.keys(change).length === 0) throw new Misused('Name a field that is to change.');
      const { person, name } = await findPerson(look, word);
      granted(await changeInOrganisation(act, person, change));
      return {
        json: { person, changed: Object.keys(change) },
        lines: [`${name} is changed: ${Object.keys(change).join(', ')}.`],
      };
    },
  }),
  ...(['deactivate', 'reactivate'] as const).map((name) =>
    action({
      name,
      arguments: personArgument,
      summary:
        name === 'deactivate' ? 'no sign-in and no check-in any more' : 'brings a person back',
      flags: { reason: reasonFlag },
      changes: true,
      run: (at, [word = ''], { reason }) => changeState(at, word, name, reason),
    }),
  ),
  action({
    name: 'merge',
    arguments: personArgument,
    summary: 'somebody who was kept twice: PERSON goes, the other one stays',
    flags: {
      into: { type: 'string', value: 'PERSON', text: 'who stays' },
      take: {
        type: 'string',
        multiple: true,
        value: 'FIELD',
        text: 'a field whose value comes from the one who goes (may be repeated)',
      },
    },
    changes: true,
    async run({ act, look }, [word = ''], { into, take = [] }) {
      if (into === undefined) throw new Misused('Name who stays with --into PERSON.');
      const gone = await findPerson(look, word);
      const { person: stays } = await findPerson(look, into);
      const merged = granted(
        await mergePerson(act, gone.person, { into: stays as PersonId, take: [...take] }),
      );
      return {
        json: { merged },
        lines: [
          `${nameOf(merged.from)} is now ${nameOf(merged.into)}: ${count(merged.records, 'record')} and ${count(merged.groups.length, 'group')} moved, ${count(merged.conflicts.length, 'conflict')} settled.`,
          ...(merged.endsAccount ? ['The account of the one who went has ended.'] : []),
        ],
      };
    },
  }),
  action({
    name: 'erase',
    arguments: personArgument,
    summary:
      'name, number and everything personal go for ever; marks and times stay, without a name',
    flags: {
      confirm: { type: 'string', value: 'NUMBER', text: 'the number once more, or the id' },
      reason: reasonFlag,
    },
    changes: true,
    async run({ act, look, isDryRun }, [word = ''], { confirm, reason }) {
      const { person, number, name } = await findPerson(look, word);
      if (!isSame(confirm, number, person))
        throw new Refused(
          `To erase ${name}, name the number once more: --confirm ${number ?? person}`,
          'not-confirmed',
        );
      const certificate = granted(
        await erasePerson(act, person, { name, ...(reason === undefined ? {} : { reason }) }),
      );
      return {
        json: isDryRun ? { erased: certificate.erased } : { certificate },
        lines: [
          `${number ?? person} is erased for good. Older backups and copies of the key folder have to go too, and a recovery sheet has to be made anew.`,
        ],
      };
    },
  }),
  action({
    name: 'assign-password',
    arguments: personArgument,
    summary: 'a new password, printed this once, which has to be changed at the first sign-in',
    changes: true,
    async run({ act, look, isDryRun }, [word = '']) {
      const { person, name } = await findPerson(look, word);
      const { password } = granted(await assignPassword(act, person));
      if (isDryRun) return { json: { person }, lines: [`${name} has a new password.`] };
      return { json: { person, password }, lines: [password] };
    },
  }),
];

async function changeState(
  { act, look }: At,
  word: string,
  verb: 'deactivate' | 'reactivate',
  reason: string | undefined,
): Promise<Outcome> {
  const { person, name, state } = await findPerson(look, word);
  const wanted = verb === 'deactivate' ? 'inactive' : 'active';
  const said = wanted === 'inactive' ? 'deactivated' : 'active';
  if (state === wanted)
    return {
      json: { person, state, changed: false },
      lines: [`${name} is ${said} already.`],
    };
  const work = verb === 'deactivate' ? deactivatePerson : reactivatePerson;
  granted(await work(act, person, reason));
  return {
    json: { person, state: wanted, changed: true },
    lines: [`${name} is ${said}${wanted === 'active' ? ' again' : ''}.`],
  };
}

function isSame(confirm: string | undefined, number: string | null, person: string): boolean {
  if (confirm === undefined) return false;
  const checked = checkNumber(confirm);
  return confirm === person || (number !== null && checked.ok && checked.number === number);
}

const nameOf = ({ name, number }: { readonly name: string; readonly number: string | null }) =>
  number === null ? name : `${number} ${name}`;
