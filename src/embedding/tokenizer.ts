import { splitCamelCase } from "./camelCase.ts";
import { ALONE, CharacterKinds, DROPPED, PART } from "./characterKinds.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { MAX_WORD_BYTES, Word } from "./word.ts";
import { WordPiece } from "./wordPiece.ts";

/** What is read of a text, in UTF-16 code units: what a prompt is about is said in its beginning. */
const MAX_UNITS = 8000;
const MAX_TOKENS = 512;

/**
 * Cuts a text into rows of a vocabulary, by the rules that the table of vectors was made with: the first 8,000 units;
 * names in camel case apart; lower case; canonical decomposition; accents, control and format characters dropped;
 * punctuation, symbols and CJK ideographs words of their own; each word into pieces, or into nothing; the first 512.
 */
export class Tokenizer {
  readonly #wordPiece: WordPiece;
  readonly #isWord: (lowerCase: string) => boolean;
  readonly #kinds = new CharacterKinds();
  readonly #word = new Word();
  /** A word that begins before the limit may reach past it. */
  readonly #rows = new Uint16Array(MAX_TOKENS + MAX_WORD_BYTES);

  constructor(vocabulary: Vocabulary) {
    this.#wordPiece = new WordPiece(vocabulary);
    this.#isWord = (lowerCase) => vocabulary.has(lowerCase);
  }

  /** The rows of a text's tokens. The array is written anew by the next call. */
  rows(text: string): Uint16Array {
    const read = prepared(text, this.#isWord);
    const word = this.#word;
    word.clear();
    let count = 0;
    for (let at = 0; at < read.length && count < MAX_TOKENS; at += 1) {
      const codePoint = read.codePointAt(at) ?? 0;
      if (codePoint > 0xffff) at += 1;
      const kind = this.#kinds.of(codePoint);
      if (kind === PART) word.add(codePoint);
      else if (kind !== DROPPED) {
        count = this.#end(word, count);
        if (kind === ALONE && count < MAX_TOKENS) {
          word.add(codePoint);
          count = this.#end(word, count);
        }
      }
    }
    if (count < MAX_TOKENS) count = this.#end(word, count);
    return this.#rows.subarray(0, Math.min(count, MAX_TOKENS));
  }

  #end(word: Word, count: number): number {
    if (word.length === 0) return count;
    const made = word.isTooLong ? count : this.#wordPiece.cut(word.bytes, word.length, this.#rows, count);
    word.clear();
    return made;
  }
}

function prepared(text: string, isWord: (lowerCase: string) => boolean): string {
  const lower = splitCamelCase(text.slice(0, MAX_UNITS), isWord).toLowerCase();
  return isAscii(lower) ? lower : lower.normalize("NFD");
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}
