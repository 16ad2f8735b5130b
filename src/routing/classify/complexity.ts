import { memoizeByIdentity } from "../../base/memoize.ts";
import type { Complexity, ComplexityLevel } from "../../contract/features.ts";
import { keywordFilter, keywordMatcher, type SearchableText } from "./keywords.ts";
import { isInOtherLanguage, lengthInLatin } from "./language.ts";

/** The settings below `switchyard.complexity`. */
export type ComplexitySettings = {
  readonly keywords: Readonly<Record<ComplexityLevel, readonly string[]>>;
  /** In characters of prompt and attached code. Applies to prompts without a keyword. */
  readonly length: { readonly highAbove: number; readonly mediumAbove: number };
};

const LEVELS = ["high", "medium", "low"] as const satisfies readonly ComplexityLevel[];
const LOWEST_SCORE: Readonly<Record<ComplexityLevel, number>> = { low: 0, medium: 1 / 3, high: 2 / 3 };

/** The length at which a prompt scores the middle of its level. */
const MIDDLE_CHARACTERS = 1000;

const matchersOf = memoizeByIdentity(({ keywords }: ComplexitySettings) => ({
  mayContainAny: keywordFilter(LEVELS.flatMap((level) => keywords[level])),
  levels: LEVELS.map((level) => ({ level, match: keywordMatcher(keywords[level]) })),
}));

/**
 * How demanding a prompt is: the highest level with a keyword among the user's own words, else a level by length, which is
 * at least medium if the prompt is in another language than English. Attached code is not searched for keywords, but
 * counts towards the length.
 * @param characters the length of the prompt and the attached code
 */
export function complexityOf(
  ownWords: SearchableText,
  characters: number,
  settings: ComplexitySettings,
): Complexity {
  const { mayContainAny, levels } = matchersOf(settings);
  for (const { level, match } of mayContainAny(ownWords) ? levels : []) {
    const keyword = match(ownWords);
    if (keyword !== undefined) {
      return { level, score: scoreOf(level, characters), reason: { kind: "keyword", keyword } };
    }
  }
  const { highAbove, mediumAbove } = settings.length;
  const length = lengthInLatin(ownWords.text, characters);
  const byLength = length > highAbove ? "high" : length > mediumAbove ? "medium" : "low";
  if (byLength === "low" && isInOtherLanguage(ownWords.text)) {
    return { level: "medium", score: scoreOf("medium", length), reason: { kind: "other-language" } };
  }
  return { level: byLength, score: scoreOf(byLength, length), reason: { kind: "length", characters } };
}

/** A score within the level's third of 0 to 1; longer prompts score higher. */
function scoreOf(level: ComplexityLevel, characters: number): number {
  return LOWEST_SCORE[level] + characters / (characters + MIDDLE_CHARACTERS) / 3;
}
