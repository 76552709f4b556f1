/** Numbers that a sketch takes: first letters and state, two letters, three letters in two. */
const width = 4;
/** Two bits of the first number are left for the state. */
const firstLetters = 30;
const stateBits = { active: 1 << 30, inactive: 1 << 31 };
const firstCapacity = 1_024;

/**
 * A few bits for each person that say how their words begin, side by side in memory: most people are ruled out without
 * a look at their text, which lies anywhere. A sketch may match where the text does not, never the other way round.
 */
export class PeopleSketches {
  #bits = new Uint32Array(firstCapacity * width);

  set(slot: number, text: string, state: 'active' | 'inactive'): void {
    const at = slot * width;
    if (at >= this.#bits.length) {
      const wider = new Uint32Array(Math.max(2 * this.#bits.length, at + width));
      wider.set(this.#bits);
      this.#bits = wider;
    }
    this.#bits.fill(0, at, at + width);
    draw(this.#bits, at, text);
    (this.#bits[at] as number) |= stateBits[state];
  }

  matches(slot: number, wanted: Uint32Array): boolean {
    const bits = this.#bits;
    const at = slot * width;
    for (let index = 0; index < width; index += 1) {
      if ((~(bits[at + index] as number) & (wanted[index] as number)) !== 0) return false;
    }
    return true;
  }
}

/** What the sketch of whoever is wanted has at least. */
export function sketchWanted(
  words: readonly string[],
  state: 'active' | 'inactive' | 'all',
): Uint32Array {
  const wanted = new Uint32Array(width);
  for (const word of words) draw(wanted, 0, word);
  if (state !== 'all') (wanted[0] as number) |= stateBits[state];
  return wanted;
}

/** Adds the beginnings of all words of a folded text; a space stands before each. */
function draw(bits: Uint32Array, at: number, text: string): void {
  for (let space = text.indexOf(' '); space >= 0; space = text.indexOf(' ', space + 1)) {
    const first = letterAt(text, space + 1);
    if (first === 0) continue;
    (bits[at] as number) |= 1 << (first % firstLetters);
    const second = letterAt(text, space + 2);
    if (second === 0) continue;
    const two = mix(first, second);
    (bits[at + 1] as number) |= 1 << (two & 31);
    const third = letterAt(text, space + 3);
    if (third === 0) continue;
    const three = mix(two, third);
    (bits[at + 2 + ((three >> 5) & 1)] as number) |= 1 << (three & 31);
  }
}

/** The letter there, or 0 where the word is over. */
function letterAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  // spaces and the border of a field are below every letter
  return code > 0x20 ? code : 0;
}

const mix = (left: number, right: number): number =>
  Math.imul(Math.imul(left, 31) + right, 0x9e3779b1) >>> 20;
