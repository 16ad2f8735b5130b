/** What a character does to the word that is being read. */
const UNKNOWN = 0;
/** It belongs to the word. */
export const PART = 1;
/** It is passed over, and the word goes on. */
export const DROPPED = 2;
/** The word ends before it. */
const SPACE = 3;
/** The word ends before it, and it is a word of its own. */
export const ALONE = 4;

const CODE_POINTS = 0x110000;

/** What each character does, found out when it is first met: Unicode's categories cost a regular expression each. */
export class CharacterKinds {
  /** A byte a code point; pages of it that nobody asks for are never made by the system. */
  readonly #known = new Uint8Array(CODE_POINTS);

  of(codePoint: number): number {
    const known = this.#known[codePoint] ?? UNKNOWN;
    if (known !== UNKNOWN) return known;
    const found = kindOf(codePoint);
    this.#known[codePoint] = found;
    return found;
  }
}

function kindOf(codePoint: number): number {
  const character = String.fromCodePoint(codePoint);
  if (/[\p{Z}\t\n\r]/u.test(character)) return SPACE;
  if (/[\p{Mn}\p{C}\uFFFD]/u.test(character)) return DROPPED;
  if (codePoint < 0x80) return /[a-z\d]/i.test(character) ? PART : ALONE;
  return /[\p{P}\p{S}]/u.test(character) || isIdeograph(codePoint) ? ALONE : PART;
}

/** The blocks that BERT's own tokenizer counts as CJK ideographs. */
const IDEOGRAPHS: readonly (readonly [from: number, to: number])[] = [
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xf900, 0xfaff],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b81f],
  [0x2b820, 0x2ceaf],
  [0x2f800, 0x2fa1f],
];

function isIdeograph(codePoint: number): boolean {
  return IDEOGRAPHS.some(([from, to]) => codePoint >= from && codePoint <= to);
}
