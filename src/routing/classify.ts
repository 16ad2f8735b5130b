import type { Features, Similarities } from "../contract/features.ts";
import type { Settings } from "../settings/schema.ts";
import { complexityOf } from "./complexity.ts";
import { soundsLikeFollowUp } from "./followUp.ts";
import { fold, type KeywordMatcher, keywordMatcher } from "./keywords.ts";

/** What is looked at to classify a request. */
export type ClassifyInput = {
  /** What the user wrote: neither attached code nor history. */
  readonly ownWords: string;
  /** Of the user's words and the code that goes along. */
  readonly characters: number;
  /** Of the whole request, estimated. */
  readonly contextTokens: number;
  /** Private words reach no embedder but the built-in one. */
  readonly isPrivate: boolean;
};

/** Compares a prompt with the routes' examples (semantics.ts). */
export type FindSimilarities = (
  ownWords: string,
  isPrivate: boolean,
  settings: Settings,
) => Promise<Similarities | undefined>;

export type Classify = (input: ClassifyInput, settings: Settings) => Promise<Features>;

/** Longer texts are not remembered: nobody sends them twice by hand, and a thousand of them would be a hundred megabytes. */
const MOST_REMEMBERED_CHARACTERS = 10_000;

/** What depends on the user's own words alone, or with the length. */
type Known = Omit<Features, "cached" | "contextTokens">;

/**
 * A `classify` that remembers its last `capacity` results by text and settings (the embedder is one of them). What was
 * found without the embedder of the settings is not remembered: the next time it may be there.
 */
export function createClassifier(similaritiesOf: FindSimilarities, capacity = 1000): Classify {
  const known = new Map<string, Known>();
  let settingsOfKnown: Settings | undefined;
  return async ({ ownWords, characters, contextTokens, isPrivate }, settings) => {
    if (settings !== settingsOfKnown) known.clear();
    settingsOfKnown = settings;
    const isShort = ownWords.length <= MOST_REMEMBERED_CHARACTERS;
    const key = isShort ? `${characters} ${isPrivate} ${ownWords}` : undefined;
    const hit = key === undefined ? undefined : known.get(key);
    if (key !== undefined && hit !== undefined) {
      known.delete(key);
      known.set(key, hit);
      return { ...hit, contextTokens, cached: true };
    }
    const similarities = await similaritiesOf(ownWords, isPrivate, settings);
    const found: Known = {
      complexity: complexityOf(ownWords, characters, settings.complexity),
      followUp: soundsLikeFollowUp(ownWords),
      keywords: routeKeywords(settings).flatMap(({ keyword, matches }) =>
        matches(ownWords) === undefined ? [] : [keyword],
      ),
      ...(similarities === undefined ? {} : { similarities }),
    };
    if (key !== undefined && similarities?.skipped === undefined && settings === settingsOfKnown) {
      known.set(key, found);
      const oldest = known.size > capacity ? known.keys().next() : undefined;
      if (oldest?.done === false) known.delete(oldest.value);
    }
    return { ...found, contextTokens, cached: false };
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
