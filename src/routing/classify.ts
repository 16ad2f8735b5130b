import type { Features } from "../contract/features.ts";
import type { Settings } from "../settings/schema.ts";
import { complexityOf } from "./complexity.ts";
import { fold, type KeywordMatcher, keywordMatcher } from "./keywords.ts";

/** What is looked at to classify a request. */
export type ClassifyInput = {
  /** What the user wrote: neither attached code nor history. */
  readonly ownWords: string;
  /** Of the user's words and the code that goes along. */
  readonly characters: number;
  /** Of the whole request, estimated. */
  readonly contextTokens: number;
};

export type Classify = (input: ClassifyInput, settings: Settings) => Promise<Features>;

/** A `classify` that remembers its last `capacity` results by text and settings. */
export function createClassifier(capacity = 1000): Classify {
  const known = new Map<string, Omit<Features, "cached">>();
  let settingsOfKnown: Settings | undefined;
  return async (input, settings) => {
    if (settings !== settingsOfKnown) known.clear();
    settingsOfKnown = settings;
    const key = `${input.characters} ${input.contextTokens} ${input.ownWords}`;
    const hit = known.get(key);
    if (hit !== undefined) {
      known.delete(key);
      known.set(key, hit);
      return { ...hit, cached: true };
    }
    const features = {
      complexity: complexityOf(input.ownWords, input.characters, settings.complexity),
      contextTokens: input.contextTokens,
      keywords: routeKeywords(settings).flatMap(({ keyword, matches }) =>
        matches(input.ownWords) === undefined ? [] : [keyword],
      ),
    };
    known.set(key, features);
    const oldest = known.size > capacity ? known.keys().next() : undefined;
    if (oldest?.done === false) known.delete(oldest.value);
    return { ...features, cached: false };
  };
}

type RouteKeyword = { readonly keyword: string; readonly matches: KeywordMatcher };

const routeKeywordsOf = new WeakMap<Settings["routes"], readonly RouteKeyword[]>();

/** The keywords that any route's `when` asks for, each with its matcher. */
function routeKeywords({ routes }: Settings): readonly RouteKeyword[] {
  const known = routeKeywordsOf.get(routes);
  if (known !== undefined) return known;
  const keywords = new Set(routes.flatMap(({ when }) => when?.keywords ?? []).map(fold));
  const made = [...keywords].map((keyword) => ({ keyword, matches: keywordMatcher([keyword]) }));
  routeKeywordsOf.set(routes, made);
  return made;
}
