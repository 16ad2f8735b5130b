/** Finds which of a list of words or phrases occurs in a text: whole words, any case, any white space between words. */
export type KeywordMatcher = (text: string) => string | undefined;

export const WORD_BEFORE = "(?<![\\p{L}\\p{N}_])";
export const WORD_AFTER = "(?![\\p{L}\\p{N}_])";

/** A matcher that gives the first of `keywords`, in text order, as the settings spell it. */
export function keywordMatcher(keywords: readonly string[]): KeywordMatcher {
  const spelled = spellings(keywords);
  if (spelled.size === 0) return () => undefined;
  const pattern = new RegExp(`${WORD_BEFORE}${anyOf(spelled.keys())}${WORD_AFTER}`, "iu");
  return (text) => {
    const hit = pattern.exec(text);
    return hit === null ? undefined : (spelled.get(fold(hit[0])) ?? hit[0]);
  };
}

/** How the settings spell keywords, by what texts are compared with. */
export function spellings(keywords: readonly string[]): ReadonlyMap<string, string> {
  const spelled = new Map(keywords.map((keyword) => [fold(keyword), keyword]));
  spelled.delete("");
  return spelled;
}

/** The pattern of any of some phrases. It is made of escaped literals alone, so that no keyword can make it slow. */
export function anyOf(phrases: Iterable<string>): string {
  return patternOf(treeOf([...phrases]));
}

/** Phrases by their words: what many begin with is looked for once, however many they are. */
type Tree = { readonly next: Map<string, Tree>; isEnd: boolean };

function treeOf(phrases: readonly string[]): Tree {
  const root: Tree = { next: new Map(), isEnd: false };
  for (const phrase of phrases) {
    let node = root;
    for (const word of phrase.split(" ")) {
      const known = node.next.get(word) ?? { next: new Map(), isEnd: false };
      node.next.set(word, known);
      node = known;
    }
    node.isEnd = true;
  }
  return root;
}

function patternOf({ next }: Tree): string {
  const alternatives = [...next].map(([word, after]) => {
    if (after.next.size === 0) return literally(word);
    const rest = `\\s+${patternOf(after)}`;
    return literally(word) + (after.isEnd ? `(?:${rest})?` : rest);
  });
  return `(?:${alternatives.join("|")})`;
}

/** One space between words, lower case. */
export function fold(text: string): string {
  return text.trim().replace(/\s+/g, " ").toLowerCase();
}

function literally(literal: string): string {
  return literal.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
