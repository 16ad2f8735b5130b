import { privatePaths } from "../declared/privacy.ts";
import { glob } from "../values.ts";
import { type ClosedRead, type Finding, findingsOf, readWith, someWithin } from "./reading.ts";

/** Matches every file. */
const EVERY_FILE = "**";

/**
 * Reads patterns of private files of which some are invalid. Each text within an invalid value counts as a pattern. A
 * value without a text could have been any pattern, so every file is private.
 * @param raw a list; any other value counts as a list of one
 */
export function readPrivatePaths(raw: unknown): ClosedRead<readonly string[]> {
  if (!Array.isArray(raw)) {
    const value = patternsIn(raw);
    return { value, findings: findingsOf(privatePaths.schema, raw, [], () => consequenceOf(value)) };
  }
  const findings: Finding[] = [];
  const value = raw.flatMap((entry: unknown, index) => {
    const valid = readWith(glob, entry);
    if (valid !== undefined) return [valid];
    const patterns = patternsIn(entry);
    findings.push(...findingsOf(glob, entry, [index], () => consequenceOf(patterns)));
    return patterns;
  });
  return { value, findings };
}

function consequenceOf(patterns: readonly string[]): string {
  if (patterns.length === 0) return "It has no effect.";
  return patterns.includes(EVERY_FILE) ? "Every file is private." : "Each text in it is a pattern.";
}

/** The texts within a value, keys included; every file if there is none, or one is too long to be a pattern. */
function patternsIn(entry: unknown): readonly string[] {
  if (entry === "") return [];
  const texts: string[] = [];
  someWithin(entry, (value, key) => {
    // People separate patterns by commas as well.
    if (typeof value === "string")
      texts.push(...new Set([value, ...value.split(/[,;\n]/)].map((each) => each.trim())));
    if (key !== undefined) texts.push(key);
    return false;
  });
  const patterns = texts.filter((text) => text !== "");
  const isReadable = patterns.length > 0 && patterns.every((text) => readWith(glob, text) !== undefined);
  return isReadable ? patterns : [EVERY_FILE];
}
