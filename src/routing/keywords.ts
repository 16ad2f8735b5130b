/** Finds which of a list of words or phrases occurs in a text: whole words, any case, any white space between words. */
export type KeywordMatcher = (text: string) => string | undefined;

const WORD_BEFORE = "(?<![\\p{L}\\p{N}_])";
const WORD_AFTER = "(?![\\p{L}\\p{N}_])";

/**
 * A matcher that gives the first of `keywords`, in text order, as the settings spell it. The pattern is made of escaped
 * literals alone, so that no keyword can make it slow.
 */
export function keywordMatcher(keywords: readonly string[]): KeywordMatcher {
  const spelled = new Map(keywords.map((keyword) => [fold(keyword), keyword]));
  spelled.delete("");
  if (spelled.size === 0) return () => undefined;
  const alternatives = [...spelled.keys()].map((keyword) => keyword.split(" ").map(literally).join("\\s+"));
  const pattern = new RegExp(`${WORD_BEFORE}(?:${alternatives.join("|")})${WORD_AFTER}`, "iu");
  return (text) => {
    const hit = pattern.exec(text);
    return hit === null ? undefined : (spelled.get(fold(hit[0])) ?? hit[0]);
  };
}

/** One space between words, lower case. */
export function fold(text: string): string {
  return text.trim().replace(/\s+/g, " ").toLowerCase();
}

function literally(literal: string): string {
  return literal.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
