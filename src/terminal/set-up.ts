import { loadSetup, setUp } from '../client/account.ts';
import type { Me } from '../core/account.wire.ts';
import type { Dialogue } from './dialogue.ts';
import { granted, type Place } from './place.ts';

/** Asks for everything that the first start needs; what is refused is asked again, the rest stays as typed. */
export async function runSetUp(
  place: Pick<Place, 'visit' | 'dialogue' | 'explain'>,
  token: string,
): Promise<Me> {
  const { dialogue, visit } = place;
  const state = granted(place, await loadSetup(visit.send));
  dialogue.say('This installation is new: it needs a name and an administrator.');
  let organisation = '';
  let name = '';
  let email = '';
  let zone = state.zone;
  for (;;) {
    organisation = await dialogue.ask('Name of the school or company', { initial: organisation });
    name = await dialogue.ask('Your name', { initial: name });
    email = await dialogue.ask('Your e-mail address', { initial: email });
    zone = await askZone(dialogue, state.zones, zone);
    const words = await dialogue.choose('What do you call people?', [
      { value: 'school' as const, label: 'Teachers, students, classes' },
      { value: 'work' as const, label: 'Supervisors, employees, teams' },
    ]);
    const password = await askNewPassword(dialogue, state.passwordMinLength);
    const answer = await setUp(visit.send, {
      token,
      organisation,
      zone,
      language: 'en',
      words,
      name,
      email,
      password,
    });
    if (answer.ok) {
      dialogue.say(
        'It is set up. Print the recovery sheet, in another terminal: muster key export-recovery. Without it, or a copy of the key folder, nobody can read a backup.',
      );
      return answer.value;
    }
    dialogue.complain(place.explain(answer.problem));
    if (answer.problem.code === 'already-set-up' || answer.problem.code === 'link-invalid')
      return granted(place, answer);
  }
}

async function askZone(
  dialogue: Dialogue,
  zones: readonly string[],
  initial: string,
): Promise<string> {
  for (;;) {
    const typed = await dialogue.ask('Time zone', { otherwise: initial });
    const exact = zones.find((zone) => zone.toLowerCase() === typed.toLowerCase());
    if (exact) return exact;
    const like = zones.filter((zone) => zone.toLowerCase().includes(typed.toLowerCase()));
    if (like.length === 0) dialogue.complain('No zone is called that, such as Europe/Berlin.');
    else
      return dialogue.choose(
        'Which one?',
        like.map((value) => ({ value, label: value })),
      );
  }
}

/** A new password, typed twice. */
export async function askNewPassword(dialogue: Dialogue, minLength: number): Promise<string> {
  for (;;) {
    const first = await dialogue.askSecret(`A new password, at least ${minLength} characters`);
    if ([...first].length < minLength) {
      dialogue.complain(`That is too short: at least ${minLength} characters.`);
      continue;
    }
    if ((await dialogue.askSecret('The same again')) === first) return first;
    dialogue.complain('The two were not the same.');
  }
}
