import type { SessionState } from '../../core/session.ts';
import type { BoardPerson } from '../../core/session.wire.ts';
import { attended } from '../../core/status.ts';
import type { People } from './state.ts';

export const tabs = ['all', 'missing', 'here', 'conflicts'] as const;
export type Tab = (typeof tabs)[number];
export const orders = ['newest', 'number', 'name'] as const;
export type Order = (typeof orders)[number];

const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/** Lower case without accents, so that `Zoë` is found by `zoe` and `Łukasz` by `lukasz`. */
function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/g, (letter) => plainLetters[letter] ?? letter);
}

const folded = new WeakMap<BoardPerson, string>();
function foldedPerson(person: BoardPerson): string {
  const known = folded.get(person);
  if (known !== undefined) return known;
  const text = foldText(`${person.number} ${person.name}`);
  folded.set(person, text);
  return text;
}

/** Every word of the query stands somewhere in number or name. */
export function matches(person: BoardPerson, query: string): boolean {
  const text = foldedPerson(person);
  return foldText(query)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Nothing stands for the person yet; an absence by an earlier closing stops counting once the session is open. */
export function isMissing({ record }: BoardPerson, state: SessionState): boolean {
  if (record.pending) return false;
  if (record.status === null) return true;
  if (state === 'open') return record.status === 'absent' && record.how === 'closing';
  return record.status === 'absent';
}

function belongs(person: BoardPerson, tab: Tab, state: SessionState): boolean {
  if (tab === 'missing') return isMissing(person, state);
  if (tab === 'here') return !person.record.pending && attended(person.record.status);
  return tab === 'all' || person.record.pending;
}

const digits = /\d+/g;
const sortKeys = new WeakMap<BoardPerson, string>();
function sortKey(person: BoardPerson): string {
  const known = sortKeys.get(person);
  if (known !== undefined) return known;
  const number = person.number.replace(digits, (run) => run.padStart(16, '0'));
  const key = `${number}\u0000${person.name}\u0000${person.id}`;
  sortKeys.set(person, key);
  return key;
}

function byNumber(left: BoardPerson, right: BoardPerson): number {
  const [one, other] = [sortKey(left), sortKey(right)];
  return one < other ? -1 : Number(one > other);
}

const collator = new Intl.Collator(undefined, { numeric: true });
const byName = (left: BoardPerson, right: BoardPerson): number =>
  collator.compare(left.name, right.name) || byNumber(left, right);

/** Conflicts first, then whoever came or was marked last; whoever is not there, by number. */
function byNewest(left: BoardPerson, right: BoardPerson): number {
  const [one, other] = [newness(left), newness(right)];
  return other - one || (one > 0 ? right.seq - left.seq : 0) || byNumber(left, right);
}

function newness({ record }: BoardPerson): number {
  if (record.pending) return Number.MAX_SAFE_INTEGER;
  return record.status === null || record.how === 'closing' ? 0 : (record.at ?? 1);
}

const comparers = { newest: byNewest, number: byNumber, name: byName };

export interface ListView {
  readonly tab: Tab;
  readonly order: Order;
  readonly query: string;
}

/** The rows of the list, in order. */
export function listPeople(people: People, view: ListView, state: SessionState): BoardPerson[] {
  const query = view.query.trim();
  return [...people.values()]
    .filter(
      (person) => belongs(person, view.tab, state) && (query === '' || matches(person, query)),
    )
    .sort(comparers[view.order]);
}

/** Whom a guest may really be: the enrolled, those first whose number or name is most alike. */
export function likelyPeople(people: People, guest: BoardPerson, query: string): BoardPerson[] {
  const words = new Set(foldText(guest.name).split(/\s+/));
  const likeness = (person: BoardPerson): number => {
    const common = foldText(person.name)
      .split(/\s+/)
      .filter((word) => words.has(word)).length;
    return common + (person.number === guest.number ? 10 : 0) + (person.record.status ? 0 : 0.5);
  };
  return [...people.values()]
    .filter((person) => !person.guest && (query.trim() === '' || matches(person, query.trim())))
    .sort((left, right) => likeness(right) - likeness(left) || byNumber(left, right));
}
