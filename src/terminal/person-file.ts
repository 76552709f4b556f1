import type { PersonAttendance, ShownPerson } from '../core/people.wire.ts';
import { fileWord } from './keep.ts';
import { describeAttendance, describePerson } from './person-text.ts';
import type { Place } from './place.ts';

/** Keeps details and sessions with dates as a text file, and says where. */
export async function keepPersonFile(
  { dialogue, me, keepFile }: Place,
  person: ShownPerson,
  attendance: PersonAttendance,
): Promise<void> {
  const lines = [...describePerson(person), '', ...describeAttendance(attendance, me.zone)];
  const name = `attendance_${fileWord(person.number ?? person.name)}.txt`;
  dialogue.say(`It is in ${await keepFile(name, `${lines.join('\n')}\n`)}`);
}
