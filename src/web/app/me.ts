import { signal } from '@preact/signals';
import { loadMe } from '../../client/account.ts';
import type { Problem } from '../../client/request.ts';
import type { Me } from '../../core/account.wire.ts';
import { type Permission, reachOf } from '../../core/permission.ts';
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

/** Whether the person may do it at all, everywhere or in what is their own; the server decides each time. */
export const may = (permission: Permission): boolean =>
  me.value ? reachOf(permission, new Set(me.value.roles)) !== 'never' : false;

export const isAdmin = (): boolean => me.value?.roles.includes('admin') ?? false;
