import { changePassword, signIn } from '../client/account.ts';
import { signInByCode } from '../client/sign-in.ts';
import type { Me } from '../core/account.wire.ts';
import { granted, type Place, Trouble } from './place.ts';
import { askNewPassword } from './set-up.ts';

type Door = Pick<Place, 'dialogue' | 'visit' | 'explain'>;

/** Of a password that is chosen here; the server judges it. */
const passwordMinLength = 10;

/**
 * Asks for number or e-mail address and password until they are right, then for whatever else the server wants.
 * @throws Back; Trouble where a terminal cannot do it
 */
export async function runSignIn(door: Door): Promise<Me> {
  const { dialogue, visit, explain } = door;
  let login = '';
  for (;;) {
    login = await dialogue.ask('Number or e-mail address', { initial: login });
    const password = await dialogue.askSecret('Password');
    const answer = await signIn(visit.send, { login, password });
    if (!answer.ok) dialogue.complain(explain(answer.problem));
    else {
      const { value } = answer;
      const me = 'secondStep' in value ? await takeSecondStep(door, value.secondStep) : value;
      return me.must === null ? me : await doWhatMust(door, me, password);
    }
  }
}

async function takeSecondStep(door: Door, step: 'code' | 'passkey'): Promise<Me> {
  const { dialogue, visit, explain } = door;
  if (step === 'passkey')
    throw new Trouble(
      'second-step-needed',
      'This account needs its passkey: sign in with a browser.',
    );
  for (;;) {
    const code = await dialogue.ask('Code of your authenticator, or a recovery code');
    const answer = await signInByCode(visit.send, code);
    if (answer.ok) return answer.value;
    dialogue.complain(explain(answer.problem));
    if (answer.problem.code === 'second-step-over') return granted(door, answer);
  }
}

/** An assigned password is changed before anything else; an authenticator is set up in a browser. */
async function doWhatMust(door: Door, me: Me, current: string): Promise<Me> {
  const { dialogue, visit, explain } = door;
  if (me.must === 'second-step')
    throw new Trouble(
      'second-step-needed',
      'Your organisation wants a second step of you: set it up in a browser, then come back.',
    );
  dialogue.say('This password was given to you: choose your own.');
  for (;;) {
    const next = await askNewPassword(dialogue, passwordMinLength);
    const answer = await changePassword(visit.send, current, next);
    if (answer.ok) return { ...me, must: null };
    dialogue.complain(explain(answer.problem));
  }
}
