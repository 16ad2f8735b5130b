/** How many words of a torn answer its continuation begins with. */
const WORDS = 8;
/** Eight words of code or of a table may be eight signs, which stand anywhere. In characters, white space aside. */
export const LEAST_SURE_CHARACTERS = 24;
/** Text without spaces has no words: an anchor of so many characters says as much. */
const MOST_CHARACTERS = 200;
/** How far an anchor grows while it stands elsewhere in the answer too. */
const MOST_GROWN_CHARACTERS = 800;

/**
 * The end of a torn answer that its continuation is asked to begin with, word for word: the last eight words, or as many
 * more as it takes for them to be of some length, and to stand nowhere else in the answer.
 */
export function anchorOf(soFar: string): string {
  const text = soFar.trimEnd();
  const starts = wordStarts(text);
  let anchor = text.slice(Math.max(starts.at(-WORDS) ?? 0, text.length - MOST_CHARACTERS));
  for (let words = WORDS + 1; words <= starts.length && !isSure(anchor, text); words++) {
    const longer = text.slice(starts.at(-words));
    if (longer.length > MOST_GROWN_CHARACTERS) break;
    anchor = longer;
  }
  return anchor;
}

/** Where each of the last words begins that a grown anchor could reach. */
function wordStarts(text: string): readonly number[] {
  const from = Math.max(0, text.length - MOST_GROWN_CHARACTERS);
  const before = from === 0 ? "" : text.charAt(from - 1);
  const starts = [...text.slice(from).matchAll(/\S+/g)].map(({ index }) => from + index);
  // The first may be the end of a word that began before.
  return before.trim() === "" ? starts : starts.slice(1);
}

function isSure(anchor: string, text: string): boolean {
  const isElsewhere = text.lastIndexOf(anchor, text.length - anchor.length - 1) >= 0;
  return !isElsewhere && anchor.replaceAll(/\s+/g, "").length >= LEAST_SURE_CHARACTERS;
}
