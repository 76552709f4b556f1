import { signIn } from '../client/account.ts';
import { signInByCode } from '../client/sign-in.ts';
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
    if (!answer.ok) {
      dialogue.complain(explain(answer.problem));
      continue;
    }
    if (!('secondStep' in answer.value)) return answer.value;
    if (answer.value.secondStep === 'passkey') {
      dialogue.complain('Only a passkey opens this account, and a terminal has none.');
      continue;
    }
    const code = await dialogue.ask('Code of the authenticator, or a recovery code');
    const second = await signInByCode(visit.send, code);
    if (second.ok) return second.value;
    dialogue.complain(explain(second.problem));
  }
}
