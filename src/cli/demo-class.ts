/** Somebody of the demo's class. */
export interface Student {
  readonly number: string;
  readonly name: string;
}

const names = `Amara Okafor, José Álvarez, 王小明, أمينة حداد, Anna Müller, प्रिया शर्मा, Nguyễn Văn An, Олена Шевченко,
Yuki Tanaka, 김민준, Fatima Zahra El Idrissi, Lars Ødegård, Maria da Conceição, רות לוי, Chidi Eze, Ana Petrović,
Ελένη Παπαδοπούλου, Tariq Aziz, Søren Kierulf, 李娜, Thabo Mokoena, Zoë van der Berg, Νίκος Ιωάννου, Aisha Bello,
Dmitri Volkov, Sana Malik, O'Brien Siobhán, ธนพล ศรีสุข, Ramesh Kumar, Ingrid Haugen, Kofi Mensah, 佐藤 花子,
Leila Haddad, Tomasz Wiśniewski, Mehmet Yılmaz, Björk Jónsdóttir, Emeka Obi, Chloé Lefèvre, 박서연, Juan Dela Cruz,
অনন্যা সেন, Katarzyna Zielińska, Ahmed Hassan, Grace Wanjiru, Pāvels Ozols, Ștefan Ionescu, Nino Beridze, தமிழ்செல்வி ரவி,
Matías Núñez, Freya Lindqvist, Ali Rezaei, Sofia Rossi, Jean-Baptiste Ngo, Hana Nováková, Abebe Bekele, Linh Trần,
Rosa Quispe, Minh Châu Lê, Oluwaseun Adeyemi, Ada Lovelace`;

/** A class of 60 with names in many scripts. */
export const students: readonly Student[] = names.split(/,\s+/).map((name, index) => ({
  number: `P-${String(index + 1).padStart(3, '0')}`,
  name,
}));

/** Not on the roster. */
export const walkIn: Student = { number: 'V-900', name: 'Vera Visitor' };

/** Somebody checks in, so many milliseconds after the beginning. */
export interface Arrival {
  readonly afterMs: number;
  readonly who: Student;
}

const crowdMs = 11_000;
const lateFromMs = 15_000;

/** Time for the board to open in the browser before the first one comes. */
export const demoWaitMs = 2_500;

/** From when on people are late, counted from the opening of the session; the crowd is in by then. */
export const demoLateMs = demoWaitMs + lateFromMs - 1_500;

/**
 * Who comes when: most in a bunch, the walk-in among them, the last three late; one stays away, and the number of
 * one is claimed by a second phone.
 */
export function planArrivals(random: () => number): Arrival[] {
  const [disputed, ...others] = students.slice(0, -1) as [Student, ...Student[]];
  const late = others.splice(-3);
  const crowd = [disputed, walkIn, ...others].map((who) => ({
    // the sum of two: a bunch in the middle
    afterMs: Math.round(((random() + random()) / 2) * crowdMs),
    who,
  }));
  return [
    ...crowd,
    { afterMs: crowdMs + 800, who: disputed },
    ...late.map((who, index) => ({ afterMs: lateFromMs + index * 1_300, who })),
  ].sort((left, right) => left.afterMs - right.afterMs);
}
