import { signIn } from '../client/account.ts';
import type { Me } from '../core/account.wire.ts';
import type { Place } from './place.ts';

/** Asks for number or e-mail address and password until they are right, or the person steps back. */
export async function runSignIn({
  dialogue,
  visit,
  explain,
}: Pick<Place, 'dialogue' | 'visit' | 'explain'>): Promise<Me> {
  let login = '';
  for (;;) {
    login = await dialogue.ask('Number or e-mail address', { initial: login });
    const password = await dialogue.askSecret('Password');
    const answer = await signIn(visit.send, { login, password });
    if (answer.ok) return answer.value;
    dialogue.complain(explain(answer.problem));
  }
}
