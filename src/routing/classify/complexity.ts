import { memoizeByIdentity } from "../../base/memoize.ts";
import type { Complexity, ComplexityLevel } from "../../contract/features.ts";
import { type FoundKeyword, foldKeyword } from "./keywords.ts";
import { isInOtherLanguage, lengthInLatin } from "./language.ts";

/** The settings below `switchyard.complexity` that a prompt is classified by. */
export type ComplexitySettings = {
  readonly keywords: Readonly<Record<ComplexityLevel, readonly string[]>>;
  /** In characters of prompt and attached code. Applies to prompts without a keyword. */
  readonly length: { readonly highAbove: number; readonly mediumAbove: number };
};

const LEVELS = ["high", "medium", "low"] as const satisfies readonly ComplexityLevel[];
const LOWEST_SCORE: Readonly<Record<ComplexityLevel, number>> = { low: 0, medium: 1 / 3, high: 2 / 3 };

/** The length at which a prompt scores the middle of its level. */
const MIDDLE_CHARACTERS = 1000;

/** The keywords of each level as in the settings, by their folded form. */
const spellingsOf = memoizeByIdentity(({ keywords }: ComplexitySettings) =>
  LEVELS.map((level) => ({
    level,
    spellings: new Map(keywords[level].map((keyword) => [foldKeyword(keyword), keyword])),
  })),
);

/**
 * How demanding a prompt is: the highest level with a keyword among the user's own words, else a level by length, which is
 * at least medium if the prompt is in another language than English. Attached code is not searched for keywords, but
 * counts towards the length.
 * @param found the keywords in the user's own words
 * @param characters the length of the prompt and the attached code
 */
export function complexityOf(
  ownWords: string,
  found: readonly FoundKeyword[],
  characters: number,
  settings: ComplexitySettings,
): Complexity {
  for (const { level, spellings } of found.length === 0 ? [] : spellingsOf(settings)) {
    const first = firstOf(found.filter(({ keyword }) => spellings.has(keyword)));
    const keyword = first === undefined ? undefined : spellings.get(first.keyword);
    if (keyword !== undefined) {
      return { level, score: scoreOf(level, characters), reason: { kind: "keyword", keyword } };
    }
  }
  const { highAbove, mediumAbove } = settings.length;
  const length = lengthInLatin(ownWords, characters);
  const byLength = length > highAbove ? "high" : length > mediumAbove ? "medium" : "low";
  if (byLength === "low" && isInOtherLanguage(ownWords)) {
    return { level: "medium", score: scoreOf("medium", length), reason: { kind: "other-language" } };
  }
  return { level: byLength, score: scoreOf(byLength, length), reason: { kind: "length", characters } };
}

/** The keyword that begins first, and the longest of those that begin there. */
function firstOf(found: readonly FoundKeyword[]): FoundKeyword | undefined {
  const [first] = found.toSorted((a, b) => a.start - b.start || b.keyword.length - a.keyword.length);
  return first;
}

/** A score within the level's third of 0 to 1; longer prompts score higher. */
function scoreOf(level: ComplexityLevel, characters: number): number {
  return LOWEST_SCORE[level] + characters / (characters + MIDDLE_CHARACTERS) / 3;
}
