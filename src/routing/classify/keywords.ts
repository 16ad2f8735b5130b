/**
 * Finds words and phrases in a text: whole words only, in any case, with any white space between the words of a phrase.
 * Patterns consist of escaped literals, so that no keyword of the settings can make a search slow.
 *
 * Most prompts contain none of the keywords. An ASCII text is therefore lowercased once and searched for the first word of
 * each keyword with `includes`; the regular expression runs only if one is found. MEASURED
 */

/** A text to search, with its lower-case form if that is sufficient to rule keywords out. */
export type SearchableText = {
  readonly text: string;
  /** Undefined for a text with characters outside of ASCII, whose case folding is more than lower-casing. */
  readonly lower: string | undefined;
};

/** Finds the first of some keywords in a text, spelled as in the settings. */
export type KeywordMatcher = (searched: SearchableText) => string | undefined;

export function searchable(text: string): SearchableText {
  return { text, lower: isAscii(text) ? text.toLowerCase() : undefined };
}

/** A matcher for a list of keywords. It returns the one that begins first in the text. */
export function keywordMatcher(keywords: readonly string[]): KeywordMatcher {
  const spellings = new Map(keywords.map((keyword) => [foldKeyword(keyword), keyword]));
  spellings.delete("");
  if (spellings.size === 0) return () => undefined;
  const folded = [...spellings.keys()];
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])${anyOf(folded)}(?![\\p{L}\\p{N}_])`, "iu");
  // Some characters outside of ASCII match ASCII ones regardless of case, e.g. `ſ` matches `s`.
  const firstWords = folded.every(isAscii) ? [...new Set(folded.map(firstWordOf))] : undefined;
  return ({ text, lower }) => {
    if (lower !== undefined && firstWords?.some((word) => lower.includes(word)) === false) return undefined;
    const found = pattern.exec(text)?.[0];
    return found === undefined ? undefined : (spellings.get(foldKeyword(found)) ?? found);
  };
}

/** A keyword in lower case, with single spaces between its words. */
export function foldKeyword(keyword: string): string {
  return keyword.trim().replace(/\s+/g, " ").toLowerCase();
}

function firstWordOf(folded: string): string {
  const end = folded.indexOf(" ");
  return end < 0 ? folded : folded.slice(0, end);
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}

/** Phrases by their words, so that a beginning that many share is matched once. */
type PhraseTree = { readonly next: Map<string, PhraseTree>; isEnd: boolean };

function anyOf(phrases: readonly string[]): string {
  const root: PhraseTree = { next: new Map(), isEnd: false };
  for (const phrase of phrases) {
    let node = root;
    for (const word of phrase.split(" ")) {
      const child = node.next.get(word) ?? { next: new Map(), isEnd: false };
      node.next.set(word, child);
      node = child;
    }
    node.isEnd = true;
  }
  return patternOf(root);
}

function patternOf({ next }: PhraseTree): string {
  const alternatives = [...next].map(([word, { next: after, isEnd }]) => {
    if (after.size === 0) return escapePattern(word);
    const rest = `\\s+${patternOf({ next: after, isEnd })}`;
    return escapePattern(word) + (isEnd ? `(?:${rest})?` : rest);
  });
  return `(?:${alternatives.join("|")})`;
}

function escapePattern(literal: string): string {
  return literal.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
