/**
 * Places the code block of an answer in a file: as a patch, as the whole file, or as a part of it that is found by its
 * lines. Nothing is placed where two places are as likely.
 */
import { type ComparedLine, foldSpace, type LineRange } from "./alignment.ts";
import { isEllipsis } from "./ellipsis.ts";
import { isBlank, reindent } from "./indentation.ts";
import { codeLines, lineContent, replaceLines, splitLines } from "./lines.ts";
import { applyPatch, isPatch } from "./patch.ts";
import type { Unplaced } from "./places.ts";
import { type Lines, type Replacement, readLines, type Segment, SegmentPlacer } from "./segments.ts";

export type Placement =
  | { readonly kind: "placed"; readonly text: string }
  | { readonly kind: "unchanged" }
  | { readonly kind: "not-placed"; readonly reason: Unplaced };

/** The code of a block, and the language of its fence. */
export type Code = { readonly text: string; readonly language: string };

/** The part of the lines that a block must share with a file in order to be a version of the whole of it. */
const WHOLE_FILE = 0.5;

/**
 * Returns the text of a file with a block of an answer in it. Everything outside the block's place stays as it is, and
 * the block gets the line endings and the indentation of the file.
 */
export function placeBlock(text: string, code: Code): Placement {
  const file = readLines(splitLines(text).map(lineContent));
  const block = readLines(codeLines(code.text), file.indentation);
  if (block.raw.every(isBlank)) return { kind: "unchanged" };
  const isDiff = isPatch(block.raw, code.language);
  const result = isDiff ? applyPatch(text, block.raw) : placeLines(text, file, block);
  if (typeof result === "string") return { kind: "not-placed", reason: result };
  return result.text === text ? { kind: "unchanged" } : { kind: "placed", text: result.text };
}

/** The result for a block that is the whole new text of a file. The file keeps its line endings and its indentation unit. */
export function replaceWhole(text: string, code: string): string {
  const file = readLines(splitLines(text).map(lineContent));
  const block = readLines(codeLines(code), file.indentation);
  const to = file.indentation ?? block.indentation;
  const lines =
    to === undefined
      ? block.raw
      : reindent(block.raw, { from: block.indentation, to, fromSpace: "", toSpace: "" });
  return replaceLines(text, 0, file.raw.length, lines);
}

function placeLines(text: string, file: Lines, block: Lines): { readonly text: string } | Unplaced {
  const inFile = new Set(file.compared.map(({ folded }) => folded));
  const isGap = (line: string) => isEllipsis(line) && !inFile.has(foldSpace(line));
  const segments = segmentsOf(block.raw, isGap);
  const [only] = segments;
  if (segments.length === 1 && only !== undefined && !only.followsEllipsis && !only.precedesEllipsis) {
    if (isWholeFile(file.compared, block.compared)) return { text: replaceWhole(text, block.raw.join("\n")) };
  }
  const placed = new SegmentPlacer(file, block).place(segments);
  if (typeof placed === "string") return placed;
  // A part that opens more blocks than it closes, where the file's did not, is not in its place.
  const isBalanced =
    braceBalance(placed.flatMap(({ lines }) => lines)) ===
    braceBalance(placed.flatMap(({ start, end }) => file.raw.slice(start, end)));
  if (!isBalanced) return "no-match";
  const change = (result: string, { start, end, lines }: Replacement) =>
    replaceLines(result, start, end, lines);
  return { text: placed.reduceRight(change, text) };
}

function braceBalance(lines: readonly string[]): number {
  const text = lines.join("\n");
  return (text.match(/\{/g)?.length ?? 0) - (text.match(/\}/g)?.length ?? 0);
}

/** Splits a block at the lines that stand for code that was left out. */
function segmentsOf(lines: readonly string[], isGap: (line: string) => boolean): readonly Segment[] {
  const segments: Segment[] = [];
  let start = 0;
  for (let index = 0; index <= lines.length; index++) {
    const line = lines[index];
    if (line !== undefined && !isGap(line)) continue;
    const range = trimBlank(lines, { start, end: index });
    if (range.start < range.end) {
      segments.push({ ...range, followsEllipsis: start > 0, precedesEllipsis: index < lines.length });
    }
    start = index + 1;
  }
  return segments;
}

function trimBlank(lines: readonly string[], { start, end }: LineRange): LineRange {
  let first = start;
  let last = end;
  while (first < last && isBlank(lines[first] ?? "")) first++;
  while (last > first && isBlank(lines[last - 1] ?? "")) last--;
  return { start: first, end: last };
}

/** Whether a block is a version of the whole file: it begins and ends as the file does, and shares much with it. */
function isWholeFile(file: readonly ComparedLine[], block: readonly ComparedLine[]): boolean {
  const ours = file.filter(({ folded }) => folded !== "");
  const theirs = block.filter(({ folded }) => folded !== "");
  if (ours.length === 0) return true;
  const left = new Map<string, number>();
  for (const { folded } of ours) left.set(folded, (left.get(folded) ?? 0) + 1);
  let shared = 0;
  for (const { folded } of theirs) {
    const count = left.get(folded) ?? 0;
    if (count === 0) continue;
    left.set(folded, count - 1);
    shared += 1;
  }
  const hasSameStart = ours[0]?.folded === theirs[0]?.folded;
  const hasSameEnd = ours.at(-1)?.folded === theirs.at(-1)?.folded;
  return hasSameStart && hasSameEnd && shared >= WHOLE_FILE * ours.length;
}
