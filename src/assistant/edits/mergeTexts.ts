import { diffArrays } from "diff";
import { splitLines } from "./lines.ts";

/** Lines `start` to `end` (exclusive) of a text, and what replaces them. */
export type LineChange = { readonly start: number; readonly end: number; readonly lines: readonly string[] };

/** Comparing takes longer than this only where two large texts have little in common. */
const COMPARE_TIMEOUT_MS = 2_000;

/**
 * Returns the lines that differ, with their endings, in the order of the texts. Where comparing takes too long, all lines
 * are one change.
 */
export function lineChanges(before: string, after: string): readonly LineChange[] {
  const old = splitLines(before);
  const parts = diffArrays(old, splitLines(after), { timeout: COMPARE_TIMEOUT_MS });
  if (parts === undefined) return [{ start: 0, end: old.length, lines: splitLines(after) }];
  const changes: LineChange[] = [];
  let line = 0;
  for (const { added, removed, value, count } of parts) {
    const last = changes.at(-1);
    if (removed) {
      changes.push({ start: line, end: line + count, lines: [] });
      line += count;
    } else if (added && last?.end === line) {
      changes[changes.length - 1] = { ...last, lines: [...last.lines, ...value] };
    } else if (added) {
      changes.push({ start: line, end: line, lines: value });
    } else {
      line += count;
    }
  }
  return changes;
}

/**
 * Makes a change of a text to another version of that text: `before` became `proposed`, and meanwhile `current`. Undefined
 * if both changed the same or neighbouring lines in different ways.
 */
export function mergeTexts(before: string, proposed: string, current: string): string | undefined {
  const { text, conflicts } = mergeChanges(before, proposed, current);
  return conflicts === 0 ? text : undefined;
}

/**
 * The same line change by line change: what conflicts with the other version is left out and counted, and the rest is made.
 */
export function mergeChanges(
  before: string,
  proposed: string,
  current: string,
): { readonly text: string; readonly conflicts: number } {
  if (current === before || proposed === current) return { text: proposed, conflicts: 0 };
  const theirs = lineChanges(before, current);
  const ours = lineChanges(before, proposed).filter((change) => !theirs.some((each) => isSame(each, change)));
  const made = ours.filter((change) => !theirs.some((each) => touch(each, change)));
  const lines = splitLines(before);
  const merged = [...made, ...theirs]
    .sort((one, other) => other.start - one.start)
    .reduce<readonly string[]>(
      (result, { start, end, lines: added }) => [...result.slice(0, start), ...added, ...result.slice(end)],
      lines,
    );
  return { text: merged.join(""), conflicts: ours.length - made.length };
}

function isSame(one: LineChange, other: LineChange): boolean {
  return one.start === other.start && one.end === other.end && one.lines.join("") === other.lines.join("");
}

function touch(one: LineChange, other: LineChange): boolean {
  return one.start <= other.end && other.start <= one.end;
}
