/** The tokens of a text for the search of keywords: words, single letters of scripts without spaces, signs, white space. */

export const SPACE = 1;
export const WORD = 2;
/** A letter of a script that puts no spaces between words, or whose words have endings: each is a token of its own. */
const LETTER = 3;
export const SIGN = 4;

export type TokenKind = typeof SPACE | typeof WORD | typeof LETTER | typeof SIGN;

/**
 * A text in the form in which texts are compared: NFKC and Unicode case folding. Upper case before lower case folds letters
 * without a lower case of their own, such as "ß" and "ſ".
 */
export function fold(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return text.normalize("NFKC").toUpperCase().toLowerCase().replaceAll("ς", "σ").normalize("NFKC");
}

/** Whether a text has ASCII characters only. */
export function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

/** Splits a folded text. White space of any length is one token, a single space. */
export function tokensOf(folded: string): readonly string[] {
  const tokens: string[] = [];
  for (let at = 0, end = 0; at < folded.length; at = end) {
    const kind = kindAt(folded, at);
    end = endOfToken(folded, at, kind);
    tokens.push(kind === SPACE ? " " : folded.slice(at, end));
  }
  return tokens;
}

/** Where the token that begins here ends. */
export function endOfToken(text: string, at: number, kind: TokenKind): number {
  if (kind !== WORD && kind !== SPACE) return at + widthAt(text, at);
  let end = at;
  do {
    end += KINDS[text.charCodeAt(end)] === kind ? 1 : widthAt(text, end);
  } while (end < text.length && (KINDS[text.charCodeAt(end)] === kind || kindAt(text, end) === kind));
  return end;
}

/** A text's UTF-16 code units and two zeros. A loop reads them in half the time that it needs for a string. */
export function codeUnitsOf(text: string): Uint16Array {
  const bytes = Buffer.alloc(text.length * 2 + 4);
  bytes.write(text, "utf16le");
  return new Uint16Array(bytes.buffer, bytes.byteOffset, text.length + 2);
}

/**
 * The first place from `from` on at which a token begins with one of the beginnings; the text's length if there is none.
 * @param units the code units of the text
 */
export function findToken(text: string, units: Uint16Array, from: number, beginnings: Beginnings): number {
  const { units: short, triples } = beginnings;
  const { length } = text;
  for (let at = from; at < length; ) {
    const unit = units[at] ?? 0;
    if (short[unit] === 1 || triples[hashOf(unit, units[at + 1] ?? 0, units[at + 2] ?? 0)] === 1) return at;
    const kind = KINDS[unit] ?? 0;
    if (kind === WORD) {
      // Repeated here from `wordEnd`, because a call for each word takes a fifth of the time of a long text.
      do at += 1;
      while (KINDS[units[at] ?? 0] === WORD);
      if (KINDS[units[at] ?? 0] === 0) at = wordEnd(text, units, at);
    } else if (kind === 0) {
      const isWord = kindAt(text, at) === WORD;
      at += widthAt(text, at);
      if (isWord) at = wordEnd(text, units, at);
    } else {
      at += 1;
    }
  }
  return length;
}

/** Where a word ends. */
function wordEnd(text: string, units: Uint16Array, from: number): number {
  for (let at = from; ; at += widthAt(text, at)) {
    while (KINDS[units[at] ?? 0] === WORD) at += 1;
    const isKnown = KINDS[units[at] ?? 0] !== 0;
    if (isKnown || at >= text.length || kindAt(text, at) !== WORD) return at;
  }
}

/** The first code units of words, as a filter that most words of a text do not pass. */
export class Beginnings {
  /** 1 for the first code unit of a short word. */
  readonly units = new Uint8Array(0x10000);
  /** 1 for the first three code units of a longer word, by their hash. */
  readonly triples = new Uint8Array(0x10000);

  add(word: string): void {
    const unit = word.charCodeAt(0);
    if (word.length < 3) this.units[unit] = 1;
    else this.triples[hashOf(unit, word.charCodeAt(1), word.charCodeAt(2))] = 1;
  }
}

function hashOf(first: number, second: number, third: number): number {
  return ((first << 10) ^ (second << 5) ^ third) & 0xffff;
}

/** The kinds of the code units that have been seen; 0 for the others. */
const KINDS = new Uint8Array(0x10000);

/** The kind of the token that begins at an index. */
export function kindAt(text: string, at: number): TokenKind {
  const unit = text.charCodeAt(at);
  switch (KINDS[unit]) {
    case SPACE:
      return SPACE;
    case WORD:
      return WORD;
    case LETTER:
      return LETTER;
    case SIGN:
      return SIGN;
  }
  const kind = kindOf(String.fromCodePoint(text.codePointAt(at) ?? unit));
  // A surrogate has no kind of its own.
  if (!isSurrogate(unit)) KINDS[unit] = kind;
  return kind;
}

/** The kind of the character before a place that is not the beginning. */
export function kindBefore(text: string, at: number): TokenKind {
  const isPair = at > 1 && isSurrogate(text.charCodeAt(at - 1)) && widthAt(text, at - 2) === 2;
  return kindAt(text, at - (isPair ? 2 : 1));
}

function kindOf(character: string): TokenKind {
  if (/\s/.test(character)) return SPACE;
  if (!/[\p{L}\p{M}\p{N}_]/u.test(character)) return SIGN;
  return /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u.test(
    character,
  )
    ? LETTER
    : WORD;
}

function widthAt(text: string, at: number): 1 | 2 {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
