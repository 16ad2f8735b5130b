/** The number of words in an anchor, unless more are needed. */
const ANCHOR_WORDS = 8;
/** Eight words of code or of a table may be eight symbols, which occur anywhere. In characters, without white space. */
export const MIN_DISTINCT_CHARACTERS = 24;
/** Limits the anchor in text without spaces. In characters. */
const MAX_CHARACTERS = 200;
/** How long an anchor may become while it is not unique within the answer. In characters. */
const MAX_EXTENDED_CHARACTERS = 800;

/**
 * The end of a partial answer, which its continuation must repeat first: the last eight words, or as many more as make it
 * long enough and unique within the answer.
 */
export function anchorOf(partial: string): string {
  const text = partial.trimEnd();
  const starts = wordStarts(text);
  let anchor = text.slice(Math.max(starts.at(-ANCHOR_WORDS) ?? 0, text.length - MAX_CHARACTERS));
  for (let words = ANCHOR_WORDS + 1; words <= starts.length && !isDistinct(anchor, text); words++) {
    const longer = text.slice(starts.at(-words));
    if (longer.length > MAX_EXTENDED_CHARACTERS) break;
    anchor = longer;
  }
  return anchor;
}

/** The indexes at which the last words begin, as far back as an extended anchor reaches. */
function wordStarts(text: string): readonly number[] {
  const from = Math.max(0, text.length - MAX_EXTENDED_CHARACTERS);
  const before = from === 0 ? "" : text.charAt(from - 1);
  const starts = [...text.slice(from).matchAll(/\S+/g)].map(({ index }) => from + index);
  // The first match may be the end of a word that begins earlier.
  return before.trim() === "" ? starts : starts.slice(1);
}

function isDistinct(anchor: string, text: string): boolean {
  const isRepeated = text.lastIndexOf(anchor, text.length - anchor.length - 1) >= 0;
  return !isRepeated && anchor.replaceAll(/\s+/g, "").length >= MIN_DISTINCT_CHARACTERS;
}
