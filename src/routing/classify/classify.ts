import { LRUCache } from "lru-cache";
import { memoizeByIdentity } from "../../base/memoize.ts";
import type { Complexity, Features, Similarities } from "../../contract/features.ts";
import type { Settings } from "../../settings/schema.ts";
import { complexityOf } from "./complexity.ts";
import { isFollowUp } from "./followUp.ts";
import { type ClassifiedPrompt, type EmbedOffline, HeldComplexity } from "./held.ts";
import { foldKeyword, KeywordIndex } from "./keywords.ts";
import { ownWordsIn } from "./ownWords.ts";

/** The text of a request and its sizes. */
export type ClassifyInput = {
  /** What the user wrote, without attached code and history. What is pasted in it is not searched (ownWords.ts). */
  readonly ownWords: string;
  /** The length of what the user wrote and of the attached code. */
  readonly characters: number;
  /** An estimate for the whole request. */
  readonly contextTokens: number;
  /** The words stay on this machine, because they are private or not sent yet: the built-in embedder compares them. */
  readonly isOffline: boolean;
  /** The number of the prompt in its conversation, from 1. By default 1. */
  readonly number?: number | undefined;
  /** The earlier prompts of the conversation whose complexity is held, the oldest first. */
  readonly earlier?: readonly EarlierPrompt[] | undefined;
};

/** An earlier prompt of a conversation. */
export type EarlierPrompt = {
  /** What the user wrote, or the beginning of it if the complexity is known. */
  readonly ownWords: string;
  readonly characters: number;
  /** Its number in the conversation, from 1. */
  readonly number: number;
  /** What it was classified as when it was sent. Undefined: it is classified now. */
  readonly complexity?: Complexity | undefined;
};

/** Compares a prompt with the routes' examples (semantic/similarities.ts). */
export type FindSimilarities = (
  ownWords: string,
  isOffline: boolean,
  settings: Settings,
) => Promise<Similarities | undefined>;

export type Classify = (input: ClassifyInput, settings: Settings) => Promise<Features>;

const MAX_CACHED = 1000;

/** Longer texts are not cached: they rarely repeat, and a thousand of them would take a hundred megabytes. */
const MAX_CACHED_CHARACTERS = 10_000;

/** The features that depend on the user's own words and their length alone. */
type TextFeatures = Omit<Features, "cached" | "contextTokens" | "held">;

/**
 * Creates a `classify` function that caches its last thousand results by text and settings. A result is not cached if
 * the configured embedder was skipped, because it may be available the next time.
 * @param embed finds new topics in conversations; without it, a conversation holds its complexity to its end
 */
export function createClassifier(findSimilarities: FindSimilarities, embed?: EmbedOffline): Classify {
  const cache = new LRUCache<string, TextFeatures>({ max: MAX_CACHED });
  const heldComplexity = new HeldComplexity(embed);
  let cachedSettings: Settings | undefined;
  return async (input, settings) => {
    const { ownWords, characters, contextTokens, isOffline, earlier = [], number = 1 } = input;
    if (settings !== cachedSettings) cache.clear();
    cachedSettings = settings;
    const holds = settings.complexity.hold && earlier.length > 0;
    const heldFor = ({ complexity }: TextFeatures) =>
      holds
        ? heldComplexity.of(
            { words: ownWordsIn(ownWords), complexity, number },
            classified(earlier, settings),
          )
        : undefined;
    const isShort = ownWords.length <= MAX_CACHED_CHARACTERS;
    const key = isShort ? `${characters} ${isOffline} ${ownWords}` : undefined;
    const cached = key === undefined ? undefined : cache.get(key);
    if (cached !== undefined) return { ...cached, held: await heldFor(cached), contextTokens, cached: true };
    const words = ownWordsIn(ownWords);
    const similarities = await findSimilarities(words, isOffline, settings);
    const { index, inRoutes } = keywordsOf(settings);
    const found = index.find(words);
    const features: TextFeatures = {
      complexity: complexityOf(words, found, characters, settings.complexity),
      // What is pasted is something to route by.
      followUp: words.length === ownWords.length && isFollowUp(words),
      keywords: found.map(({ keyword }) => keyword).filter((keyword) => inRoutes.has(keyword)),
      similarities,
    };
    if (key !== undefined && similarities?.skipped === undefined && settings === cachedSettings) {
      cache.set(key, features);
    }
    return { ...features, held: await heldFor(features), contextTokens, cached: false };
  };
}

function classified(earlier: readonly EarlierPrompt[], settings: Settings): readonly ClassifiedPrompt[] {
  const { index } = keywordsOf(settings);
  return earlier.map(({ ownWords, characters, number, complexity }) => {
    const words = ownWordsIn(ownWords);
    const known = complexity ?? complexityOf(words, index.find(words), characters, settings.complexity);
    return { words, complexity: known, number };
  });
}

/** The keywords of the complexity levels and of all routes in one index. */
const keywordsOf = memoizeByIdentity(({ complexity, routes }: Settings) => {
  const inRoutes = new Set(routes.flatMap(({ when }) => when?.keywords ?? []).map(foldKeyword));
  const index = new KeywordIndex([...Object.values(complexity.keywords).flat(), ...inRoutes]);
  return { index, inRoutes };
});
