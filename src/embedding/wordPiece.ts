import { mixed, REST_SEED, type Vocabulary, WORD_SEED } from "./vocabulary.ts";

/**
 * Cuts words into entries of a vocabulary, longest prefix first (WordPiece: Schuster and Nakajima 2012, as BERT has it:
 * pieces behind the first are written with `##`).
 */
export class WordPiece {
  readonly #vocabulary: Vocabulary;
  /** The hash of each prefix of what is left of a word. */
  readonly #hashes: Int32Array;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    this.#hashes = new Int32Array(vocabulary.longest);
  }

  /**
   * Writes the rows of the pieces of a word in UTF-8 behind the `count` that are there, and gives the new count: the old one where
   * the word cannot be cut without a rest.
   */
  cut(word: Uint8Array, length: number, rows: Uint16Array, count: number): number {
    let made = count;
    for (let from = 0; from < length; ) {
      const isFirst = from === 0;
      const reach = Math.min(length, from + this.#hashes.length);
      let hash = isFirst ? WORD_SEED : REST_SEED;
      for (let at = from; at < reach; at += 1) {
        hash = mixed(hash, word[at] ?? 0);
        this.#hashes[at - from] = hash;
      }
      let to = reach;
      let row = -1;
      for (; to > from; to -= 1) {
        row = this.#vocabulary.rowOfPiece(this.#hashes[to - 1 - from] ?? 0, word, from, to, isFirst);
        if (row >= 0) break;
      }
      if (row < 0) return count;
      rows[made] = row;
      made += 1;
      from = to;
    }
    return made;
  }
}
