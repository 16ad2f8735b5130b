import type { Vocabulary } from "./vocabulary.ts";
import { MAX_WORD_BYTES, Word, WordPiece } from "./wordPiece.ts";

/** How much of a text is read, in UTF-16 code units. */
const MAX_UNITS = 8000;
const MAX_TOKENS = 512;

/**
 * Splits a text into rows of a vocabulary, by the rules that the table of vectors was made with: the first 8,000 units;
 * camel case split; lower case; canonical decomposition; accents, control and format characters dropped; punctuation and
 * symbols words of their own; each word split into pieces, or skipped; the first 512 tokens. Only the treatment of
 * Chinese, Japanese and Korean characters differs: they end a word, and are no words.
 *
 * Works on code points and bytes, without a regular expression or a string for each token. test/support/routing/plainTokenizer.ts
 * has the same rules as regular expressions: the tests and `npm run bench embedding` compare the two (see builtIn.ts).
 */
export class Tokenizer {
  readonly #wordPiece: WordPiece;
  readonly #isWord: (lowerCase: string) => boolean;
  readonly #kinds = new CharacterKinds();
  readonly #word = new Word();
  /** With room for the last word, which may exceed the limit. */
  readonly #rows = new Uint16Array(MAX_TOKENS + MAX_WORD_BYTES);

  constructor(vocabulary: Vocabulary) {
    this.#wordPiece = new WordPiece(vocabulary);
    this.#isWord = (lowerCase) => vocabulary.has(lowerCase);
  }

  /** Returns the rows of a text's tokens, in an array that the next call overwrites. */
  rows(text: string): Uint16Array {
    const prepared = prepare(text, this.#isWord);
    const word = this.#word;
    word.clear();
    let count = 0;
    for (let at = 0; at < prepared.length && count < MAX_TOKENS; at += 1) {
      const codePoint = prepared.codePointAt(at) ?? 0;
      if (codePoint > 0xffff) at += 1;
      const kind = this.#kinds.of(codePoint);
      if (kind === PART) word.add(codePoint);
      else if (kind !== DROPPED) {
        count = this.#endWord(word, count);
        if (kind === ALONE && count < MAX_TOKENS) {
          word.add(codePoint);
          count = this.#endWord(word, count);
        }
      }
    }
    if (count < MAX_TOKENS) count = this.#endWord(word, count);
    return this.#rows.subarray(0, Math.min(count, MAX_TOKENS));
  }

  #endWord(word: Word, count: number): number {
    if (word.length === 0) return count;
    const next = word.isTooLong ? count : this.#wordPiece.split(word.bytes, word.length, this.#rows, count);
    word.clear();
    return next;
  }
}

function prepare(text: string, isWord: (lowerCase: string) => boolean): string {
  const lower = splitCamelCase(text.slice(0, MAX_UNITS), isWord).toLowerCase();
  return isAscii(lower) ? lower : lower.normalize("NFD");
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

/**
 * Inserts spaces into camel case: `getUserName` → `get User Name`, `HTTPServer` → `HTTP Server`. A run of ASCII letters
 * and digits that is a word as a whole (`GitHub`) stays unchanged.
 */
function splitCamelCase(text: string, isWord: (lowerCase: string) => boolean): string {
  let split = "";
  let copied = 0;
  for (let at = 0; at < text.length; ) {
    const { end, first } = runAt(text, at);
    if (first > 0 && !isWord(text.slice(at, end).toLowerCase())) {
      for (let cut = first; cut > 0; cut = boundaryIn(text, cut + 1, end)) {
        split += `${text.slice(copied, cut)} `;
        copied = cut;
      }
    }
    at = Math.max(end, at + 1);
  }
  return copied === 0 ? text : split + text.slice(copied);
}

/** The end of the run of letters and digits that begins at `start`, and its first boundary, or 0. */
function runAt(text: string, start: number): { readonly end: number; readonly first: number } {
  let end = start;
  while (end < text.length && isAlphanumeric(text.charCodeAt(end))) end += 1;
  return { end, first: boundaryIn(text, start + 1, end) };
}

/** The first place at or after `from` where an upper-case letter begins a word (`rN` or `PSe`), or 0. */
function boundaryIn(text: string, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    if (!isUpper(text.charCodeAt(at))) continue;
    if (!isUpper(text.charCodeAt(at - 1)) || (at + 1 < end && isLower(text.charCodeAt(at + 1)))) return at;
  }
  return 0;
}

function isAlphanumeric(unit: number): boolean {
  return isLower(unit) || isUpper(unit) || (unit >= 48 && unit <= 57);
}

function isLower(unit: number): boolean {
  return unit >= 97 && unit <= 122;
}

function isUpper(unit: number): boolean {
  return unit >= 65 && unit <= 90;
}

/** The effect of a character on the current word. */
const UNKNOWN = 0;
/** It belongs to the word. */
const PART = 1;
/** It is dropped, and the word continues. */
const DROPPED = 2;
/** The word ends before it. */
const SPACE = 3;
/** The word ends before it, and it is a word by itself. */
const ALONE = 4;

const CODE_POINTS = 0x110000;

/** The effect of each character, computed once: Unicode categories need a regular expression each. */
class CharacterKinds {
  /** One byte per code point; the operating system allocates only the pages that are written. */
  readonly #known = new Uint8Array(CODE_POINTS);

  of(codePoint: number): number {
    const known = this.#known[codePoint] ?? UNKNOWN;
    if (known !== UNKNOWN) return known;
    const kind = kindOf(codePoint);
    this.#known[codePoint] = kind;
    return kind;
  }
}

function kindOf(codePoint: number): number {
  const character = String.fromCodePoint(codePoint);
  if (/[\p{Z}\t\n\r]/u.test(character)) return SPACE;
  if (/[\p{Mn}\p{C}\uFFFD]/u.test(character)) return DROPPED;
  if (isCjk(codePoint)) return SPACE;
  if (codePoint < 0x80) return /[a-z\d]/i.test(character) ? PART : ALONE;
  return /[\p{P}\p{S}]/u.test(character) ? ALONE : PART;
}

/**
 * Blocks of Han, Kana, Hangul, their punctuation, and full-width and half-width forms. Only a few are in the vocabulary;
 * characterPairs.ts has them all. They end a word, so that the name in “APIの” is found.
 */
const CJK: readonly (readonly [from: number, to: number])[] = [
  [0x1100, 0x11ff],
  [0x2e80, 0x9fff],
  [0xa960, 0xa97f],
  [0xac00, 0xd7ff],
  [0xf900, 0xfaff],
  [0xff00, 0xffef],
  [0x20000, 0x323af],
];

function isCjk(codePoint: number): boolean {
  return CJK.some(([from, to]) => codePoint >= from && codePoint <= to);
}
