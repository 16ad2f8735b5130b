import type { Complexity, ComplexityLevel } from "../contract/features.ts";
import { rankedMatcher } from "./rankedKeywords.ts";

/** `switchyard.complexity`. */
export type ComplexitySettings = {
  readonly keywords: Readonly<Record<ComplexityLevel, readonly string[]>>;
  /** Characters of prompt and attached code, when no keyword hits. */
  readonly length: { readonly highAbove: number; readonly mediumAbove: number };
};

const LEVELS = ["high", "medium", "low"] as const satisfies readonly ComplexityLevel[];
const FLOOR: Readonly<Record<ComplexityLevel, number>> = { low: 0, medium: 1 / 3, high: 2 / 3 };

/** The length at which a prompt stands in the middle of its level. */
const MIDDLE_CHARACTERS = 1000;

const matchers = new WeakMap<ComplexitySettings, ReturnType<typeof rankedMatcher>>();

/**
 * How demanding a prompt is: the first level, from high to low, one of whose keywords is among the user's own words;
 * else by length. Code is never searched for keywords, but counts towards the length.
 * @param characters of the prompt and the code that goes along.
 */
export function complexityOf(ownWords: string, characters: number, settings: ComplexitySettings): Complexity {
  const found = matcherOf(settings)(ownWords);
  const byKeyword = found === undefined ? undefined : LEVELS[found.rank];
  if (found !== undefined && byKeyword !== undefined) {
    const because = { kind: "keyword", keyword: found.keyword } as const;
    return { level: byKeyword, score: scoreOf(byKeyword, characters), reason: because };
  }
  const { highAbove, mediumAbove } = settings.length;
  const level = characters > highAbove ? "high" : characters > mediumAbove ? "medium" : "low";
  return { level, score: scoreOf(level, characters), reason: { kind: "length", characters } };
}

/** The level's third of 0 to 1, and within it longer prompts higher. */
function scoreOf(level: ComplexityLevel, characters: number): number {
  return FLOOR[level] + characters / (characters + MIDDLE_CHARACTERS) / 3;
}

function matcherOf(settings: ComplexitySettings): ReturnType<typeof rankedMatcher> {
  const known = matchers.get(settings);
  if (known !== undefined) return known;
  const made = rankedMatcher(LEVELS.map((level) => settings.keywords[level]));
  matchers.set(settings, made);
  return made;
}
