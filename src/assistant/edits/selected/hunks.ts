import type { LineRange } from "../alignment.ts";
import { lineContent, replaceLines, splitLines } from "../lines.ts";
import { lineChanges } from "../mergeTexts.ts";

/** One change of an edit that is in a text. Lines are without their endings. */
export type Hunk = {
  readonly id: number;
  /** Where it is now. Empty if it removed lines only: they stood before `start`. */
  readonly lines: LineRange;
  /** The lines that it removed, and those that it added. */
  readonly removed: readonly string[];
  readonly added: readonly string[];
};

/** A change of a text: from one place to another, this text. Lines and characters count from 0. */
export type TextChange = {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
  readonly text: string;
};

/** The hunks that lead from one text to another, in their order. A line ending alone is no difference. */
export function hunksBetween(before: string, after: string): readonly Hunk[] {
  const old = contentsOf(before);
  const asLines = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
  let growth = 0;
  return lineChanges(asLines(old), asLines(contentsOf(after))).map(({ start, end, lines }, id) => {
    const at = start + growth;
    growth += lines.length - (end - start);
    return {
      id,
      lines: { start: at, end: at + lines.length },
      removed: old.slice(start, end),
      added: lines.map(lineContent),
    };
  });
}

/** Where a hunk is after a change of its text. A change that touches its lines makes it larger or smaller. */
export function moveHunk(hunk: Hunk, change: TextChange): Hunk {
  const { start, end } = hunk.lines;
  const growth = change.text.split("\n").length - 1 - (change.end.line - change.start.line);
  const shifted = (by: number) => ({ ...hunk, lines: { start: start + by, end: end + by } });
  // Whole lines that end where the hunk begins are before it.
  const isBefore =
    change.end.line < start ||
    (change.end.line === start &&
      change.end.character === 0 &&
      change.start.character === 0 &&
      (change.text.endsWith("\n") || (change.text === "" && change.start.line < start)));
  const isEmpty = start === end;
  if (isEmpty && change.start.line === start && change.start.character === 0 && change.end.line === start)
    // Lines that are written where a hunk removed some may be these: `stateOf` compares them.
    return change.text.endsWith("\n") ? { ...hunk, lines: { start, end: end + growth } } : hunk;
  if (isBefore) return shifted(growth);
  if (change.start.line >= end) return hunk;
  const lastLine = change.end.character === 0 && change.end.line > change.start.line ? 0 : 1;
  return {
    ...hunk,
    lines: {
      start: Math.min(start, change.start.line),
      end: Math.max(start, Math.max(end, change.end.line + lastLine) + growth),
    },
  };
}

/** `shown`: as the edit made it. `undone`: its lines are what they were before. `changed`: the user wrote in them. */
export function stateOf(
  hunk: Hunk,
  lineAt: (line: number) => string | undefined,
): "shown" | "undone" | "changed" {
  const { start, end } = hunk.lines;
  const is = (lines: readonly string[]) =>
    end - start === lines.length && lines.every((line, index) => lineAt(start + index) === line);
  if (is(hunk.added)) return "shown";
  return is(hunk.removed) ? "undone" : "changed";
}

/** A text with hunks reverted. They must be as the edit made them (`stateOf`). */
export function withoutHunks(text: string, hunks: readonly Hunk[]): string {
  return hunks
    .toSorted((one, other) => other.lines.start - one.lines.start)
    .reduce((result, { lines, removed }) => replaceLines(result, lines.start, lines.end, removed), text);
}

function contentsOf(text: string): readonly string[] {
  return splitLines(text).map(lineContent);
}
