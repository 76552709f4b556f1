import { forget, keep, recall } from './memory.ts';

/** Who uses this phone. */
export interface Person {
  readonly number: string;
  readonly name: string;
}

/** The one who used it last; empty fields where nobody did. */
export function recallPerson(): Person {
  return recall<Person>('person') || { number: '', name: '' };
}

/** Remembers what was typed; a form that asks for no name leaves the remembered one. */
export function keepPerson({ number, name }: Person): void {
  if (number) keep('person', { number, name: name || recallPerson().name });
}

/** "Not you?" */
export function forgetPerson(): void {
  forget('person');
}
