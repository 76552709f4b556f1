import { makeId } from '../../src/core/id.ts';
import { checkInBatch } from '../../src/store/check-in.ts';
import type { CheckInOutcome, PreparedAttempt } from '../../src/store/check-in-attempt.ts';
import type { Store } from '../../src/store/store.ts';
import { type Lecture, numberOf } from './lecture.ts';

/** Somebody of the lecture's roster who came now, with a code that was checked elsewhere. */
export function prepareAttempt(store: Store, lecture: Lecture, index: number): PreparedAttempt {
  const { clock, random } = store;
  const issuedAt = clock.now();
  const id = () => makeId<string>(issuedAt, random);
  const ticket = {
    ...{ id: id(), session: lecture.session, browser: id(), issuedAt },
    ...{ kind: 'code' as const, slot: 1, ageMs: 0 },
  };
  const number = numberOf(index);
  return { attempt: id(), ticket, bodyDigest: number, number, name: null, address: '127.0.0.1' };
}

/** Checks in, and again where the store gave up between others that write to the same stream: as a phone does. */
export async function persistInStore(
  store: Store,
  attempt: PreparedAttempt,
): Promise<CheckInOutcome | undefined> {
  for (;;) {
    try {
      return (await checkInBatch(store, [attempt]))[0];
    } catch (error) {
      if (!store.engine.isConflict(error)) throw error;
    }
  }
}
