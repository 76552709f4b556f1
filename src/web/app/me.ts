import { signal } from '@preact/signals';
import { loadMe } from '../../client/account.ts';
import type { Problem } from '../../client/request.ts';
import type { Me } from '../../core/account.wire.ts';
import { words } from '../message/text.ts';
import { vocabulary } from '../message/vocabulary.ts';
import { zone } from '../message/when.ts';
import { send } from './send.ts';

/** Who is signed in: null is nobody, undefined is not known yet. */
export const me = signal<Me | null | undefined>(undefined);
/** Why it is not known, where the server did not say. */
export const meProblem = signal<Problem | null>(null);

/** Takes over what signing in, setting up and asking answer with. */
export function setMe(next: Me | null): void {
  meProblem.value = null;
  if (next) {
    words.value = vocabulary[next.words];
    zone.value = next.zone;
  }
  me.value = next;
}

/** Asks the server who is signed in. */
export async function refreshMe(): Promise<void> {
  const answer = await loadMe(send);
  if (answer.ok) return setMe(answer.value);
  const { code } = answer.problem;
  if (code === 'sign-in-needed' || code === 'not-set-up') setMe(null);
  else meProblem.value = answer.problem;
}

export const isAdmin = (): boolean => me.value?.roles.includes('admin') ?? false;
