/**
 * Finds the first of some keywords in a text, spelled as in the settings: whole words only, in any case, with any white
 * space between the words of a phrase.
 */
export type KeywordMatcher = (text: string) => string | undefined;

/**
 * A matcher for words and phrases. Its pattern consists of escaped literals, so that no keyword can make a search slow.
 */
export function keywordMatcher(keywords: readonly string[]): KeywordMatcher {
  const spellings = new Map(keywords.map((keyword) => [foldKeyword(keyword), keyword]));
  spellings.delete("");
  if (spellings.size === 0) return () => undefined;
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])${anyOf(spellings.keys())}(?![\\p{L}\\p{N}_])`, "iu");
  return (text) => {
    const found = pattern.exec(text)?.[0];
    return found === undefined ? undefined : (spellings.get(foldKeyword(found)) ?? found);
  };
}

/** A keyword in lower case, with single spaces between its words. */
export function foldKeyword(keyword: string): string {
  return keyword.trim().replace(/\s+/g, " ").toLowerCase();
}

/** Phrases by their words, so that a beginning that many share is matched once. */
type PhraseTree = { readonly next: Map<string, PhraseTree>; isEnd: boolean };

function anyOf(phrases: Iterable<string>): string {
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
