/** How much of a text is read, in UTF-16 code units. */
const MAX_UNITS = 8000;

/**
 * The weight of a character and of a pair, on the scale of the word vectors, whose length is about 3 for a word with a
 * meaning of its own. A word of two characters adds two characters and two pairs, so that it counts as much as such a word.
 */
const WEIGHT = 1.5;
/** Hiragana mostly spells particles and endings. Nearly every sentence has some, as it has Chinese function words. */
const FUNCTION_WEIGHT = WEIGHT / 2;

/**
 * Chinese particles, pronouns, prepositions, adverbs, question words and words of politeness, simplified and traditional.
 * Characters that mostly are a part of longer words are not among them.
 */
const FUNCTION_CHARACTERS: ReadonlySet<number> = new Set(
  Array.from(
    "的了着过過吗嗎呢吧啊我你您他她它们們这這那哪是在有个個一不也都就还還很把被给給对對从從为為和与與跟什么麼怎几幾请請帮幫",
    (character) => character.codePointAt(0) ?? 0,
  ),
);

/** The dimensions that `addCharacterPairs` needs. With 512, twice as many pairs share a dimension. */
export const PAIR_DIMENSIONS = 768;

/**
 * Adds the Chinese, Japanese and Korean characters of a text, and each pair of neighbours among them, to the last
 * `PAIR_DIMENSIONS` components of a sum. A hash selects component and sign (feature hashing: Weinberger et al. 2009),
 * so that no vocabulary is needed. Returns whether there were any.
 */
export function addCharacterPairs(text: string, sum: Float64Array): boolean {
  const read = text.slice(0, MAX_UNITS);
  if (!mayHavePairs(read)) return false;
  const offset = sum.length - PAIR_DIMENSIONS;
  const add = (hash: number, weight: number): void => {
    const at = offset + ((hash >>> 1) % PAIR_DIMENSIONS);
    sum[at] = (sum[at] ?? 0) + ((hash & 1) === 0 ? weight : -weight);
  };
  let before = 0;
  let isBeforeFunction = false;
  let hasAny = false;
  // Half-width Katakana and decomposed Hangul are equal to their usual forms.
  for (const character of read.normalize("NFKC")) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (!isUnspaced(codePoint)) {
      before = 0;
      continue;
    }
    const isFunction = isFunctionCharacter(codePoint);
    add(hashOf(0, codePoint), isFunction ? FUNCTION_WEIGHT : WEIGHT);
    if (before !== 0) {
      add(hashOf(before, codePoint), isFunction && isBeforeFunction ? FUNCTION_WEIGHT : WEIGHT);
    }
    before = codePoint;
    isBeforeFunction = isFunction;
    hasAny = true;
  }
  return hasAny;
}

/** False for a text of Latin, Greek, Cyrillic and other scripts below Hangul's first block. */
function mayHavePairs(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) >= 0x1100) return true;
  return false;
}

function isFunctionCharacter(codePoint: number): boolean {
  const isHiragana = codePoint >= 0x3041 && codePoint <= 0x309f;
  return isHiragana || FUNCTION_CHARACTERS.has(codePoint);
}

/** Whether a character is Han, Kana or Hangul, with the marks that repeat or lengthen one. */
function isUnspaced(codePoint: number): boolean {
  if (codePoint < 0x3005) return false;
  if (codePoint <= 0x30ff) return codePoint <= 0x3007 || (codePoint >= 0x3041 && codePoint !== 0x30fb);
  if (codePoint < 0x31f0) return false;
  if (codePoint <= 0x31ff) return true;
  if (codePoint < 0x3400) return false;
  if (codePoint <= 0x9fff) return codePoint <= 0x4dbf || codePoint >= 0x4e00;
  if (codePoint <= 0xd7a3) return codePoint >= 0xac00;
  return (codePoint >= 0xf900 && codePoint <= 0xfaff) || (codePoint >= 0x20000 && codePoint <= 0x323af);
}

/** The finalizer of MurmurHash3 (Appleby), which spreads neighbouring code points. */
function hashOf(before: number, codePoint: number): number {
  let hash = Math.imul(before, 0x9e3779b1) ^ codePoint;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
