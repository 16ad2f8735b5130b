import { type ComparedLine, comparedLines, haveSameName, type LineRange } from "./alignment.ts";
import {
  commonSpace,
  type Indentation,
  indentationOf,
  isBlank,
  leadingSpace,
  reindent,
} from "./indentation.ts";
import { endOfBody, findPlace, firstBlank, lastBlank, type Unplaced } from "./places.ts";

/** Lines with what they are compared by. */
export type Lines = {
  readonly raw: readonly string[];
  readonly compared: readonly ComparedLine[];
  readonly indentation: Indentation | undefined;
};

/** `usual`: the indentation of lines that do not show theirs. */
export function readLines(raw: readonly string[], usual?: Indentation): Lines {
  const indentation = indentationOf(raw) ?? usual;
  return { raw, compared: comparedLines(raw, indentation), indentation };
}

/** A part of a block, before, between or after lines that stand for code that was left out. */
export type Segment = LineRange & { readonly followsEllipsis: boolean; readonly precedesEllipsis: boolean };

/** Lines of the file, and what replaces them. */
export type Replacement = LineRange & { readonly lines: readonly string[] };

/** A line of the block, and the line of the file that it is. */
type Anchor = { readonly block: number; readonly file: number };

/** Finds the places of a block's segments in a file, from the first to the last. */
export class SegmentPlacer {
  readonly #file: Lines;
  readonly #block: Lines;
  /** In the order of the block. */
  readonly #anchors: Anchor[] = [];

  constructor(file: Lines, block: Lines) {
    this.#file = file;
    this.#block = block;
  }

  /** Returns the replacements in the order of the file. */
  place(segments: readonly Segment[]): readonly Replacement[] | Unplaced {
    const placed: Replacement[] = [];
    for (const segment of segments) {
      const from = placed.at(-1)?.end ?? 0;
      const found = this.#placeSegment(segment, from, segment === segments.at(-1));
      if (typeof found === "string") return found;
      placed.push(...found);
    }
    return placed;
  }

  #placeSegment(segment: Segment, from: number, isLast: boolean): readonly Replacement[] | Unplaced {
    const lines = this.#block.compared.slice(segment.start, segment.end);
    // Brackets after an ellipsis close what is in the file already.
    if (segment.followsEllipsis && !lines.some(({ hasWords }) => hasWords)) return [];
    const scope = segment.followsEllipsis ? this.#scopeOf(segment, from) : undefined;
    const all = { start: from, end: this.#file.raw.length };
    const inScope = scope === undefined ? "no-match" : this.#placeRun(segment, scope, segment);
    if (inScope !== "no-match") return inScope;
    const byBracket = scope === undefined ? undefined : this.#placeBeforeBracket(segment, scope);
    if (byBracket !== undefined) return [byBracket];
    const anywhere = this.#placeRun(segment, all, segment);
    if (anywhere !== "no-match") return anywhere;
    const atAnEnd = this.#placeAtAnEnd(segment, scope ?? all, isLast);
    return atAnEnd === undefined ? "no-match" : [atAnEnd];
  }

  /** Places lines by those that the file has too. */
  #placeRun(
    blockRange: LineRange,
    fileRange: LineRange,
    segment: Segment,
  ): readonly Replacement[] | Unplaced {
    const found = findPlace(
      this.#file.compared,
      fileRange,
      this.#block.compared,
      blockRange,
      !segment.precedesEllipsis,
    );
    if (typeof found === "string") return found;
    const { fileStart, fileEnd, blockStart, blockEnd } = found.replaced;
    const isFirst = blockRange.start === segment.start;
    const isLast = blockRange.end === segment.end;
    // What a blank line separates from the matching lines may belong elsewhere, such as imports above a function.
    const left = lastBlank(this.#block.compared, blockRange.start, blockStart);
    const before =
      left === undefined || !isFirst
        ? []
        : this.#placeApart(
            { start: blockRange.start, end: left },
            { start: fileRange.start, end: fileStart },
            segment,
          );
    const anchors = [
      { block: found.matched.blockStart, file: found.matched.fileStart },
      { block: found.matched.blockEnd - 1, file: found.matched.fileEnd - 1 },
    ];
    this.#anchors.push(...anchors);
    const right = firstBlank(this.#block.compared, blockEnd, blockRange.end);
    const after =
      right === undefined || !isLast
        ? []
        : this.#placeApart(
            { start: right + 1, end: blockRange.end },
            { start: fileEnd, end: fileRange.end },
            segment,
          );
    const lines = {
      start: before.length > 0 && left !== undefined ? left + 1 : blockRange.start,
      end: after.length > 0 && right !== undefined ? right : blockRange.end,
    };
    const own = { start: fileStart, end: fileEnd, lines: this.#reindented(lines, anchors[0]) };
    return [...before, own, ...after];
  }

  /** Places lines that are separate from those that matched; nothing if they have no place of their own. */
  #placeApart(blockRange: LineRange, fileRange: LineRange, segment: Segment): readonly Replacement[] {
    if (blockRange.start >= blockRange.end || fileRange.start >= fileRange.end) return [];
    const found = this.#placeRun(blockRange, fileRange, segment);
    return typeof found === "string" ? [] : found;
  }

  /** The lines of the file that belong to the last line before a segment that encloses it; undefined if none does. */
  #scopeOf(segment: Segment, from: number): LineRange | undefined {
    const levels = this.#block.compared.slice(segment.start, segment.end).map(({ level }) => level);
    const shallowest = Math.min(...levels);
    const header = this.#enclosing(shallowest);
    if (header === undefined) return undefined;
    const end = endOfBody(this.#file.compared, header.file, this.#file.raw.length);
    const closing = this.#file.compared[end];
    const endsByBracket = closing !== undefined && !closing.hasWords && closing.folded !== "";
    return { start: from, end: Math.max(from, endsByBracket ? end + 1 : end) };
  }

  #enclosing(level: number): Anchor | undefined {
    return this.#anchors.findLast(({ block }) => (this.#block.compared[block]?.level ?? 0) <= level);
  }

  /** Places new lines before the bracket that follows them: it closes what encloses them. */
  #placeBeforeBracket({ start, end }: Segment, scope: LineRange): Replacement | undefined {
    const block = this.#block.compared;
    const file = this.#file.compared;
    const level = block[start]?.level ?? 0;
    const header = this.#enclosing(level - 1e-6);
    const closing = this.#closingBracket({ start, end }, level);
    const bracket = closing === undefined ? undefined : block[closing];
    if (header === undefined || closing === undefined || bracket === undefined) return undefined;
    const offset = (file[header.file]?.level ?? 0) - (block[header.block]?.level ?? 0);
    const at = file.findIndex(
      (line, index) =>
        index >= scope.start &&
        line.folded === bracket.folded &&
        Math.abs(line.level - bracket.level - offset) < 1e-6,
    );
    if (at < 0) return undefined;
    const placed = this.#insertion({ start, end: closing }, at, { block: closing, file: at });
    const last = block[this.#lastLine(start, closing)];
    const before = file[at - 1];
    const isVersion = last !== undefined && before !== undefined && haveSameName(last, before, false);
    return isVersion ? { ...placed, start: at - 1 } : placed;
  }

  /** Places new lines before or after everything, by the ellipsis after or before them. */
  #placeAtAnEnd(segment: Segment, scope: LineRange, isLast: boolean): Replacement | undefined {
    const { start, followsEllipsis, precedesEllipsis } = segment;
    if (followsEllipsis === precedesEllipsis) return undefined;
    if (followsEllipsis) {
      if (!isLast) return undefined;
      const header = this.#enclosing((this.#block.compared[start]?.level ?? 0) - 1e-6);
      const at = header === undefined ? this.#file.raw.length : scope.end;
      return this.#insertion(segment, this.#afterLastLine(at), header);
    }
    if (this.#anchors.length > 0) return undefined;
    const at = this.#file.raw[0]?.startsWith("#!") ? 1 : 0;
    const lines = this.#reindented(segment, undefined);
    const isApart = isBlank(this.#block.raw[segment.end] ?? "x");
    return { start: at, end: at, lines: isApart ? [...lines, ""] : lines };
  }

  /** The first of the brackets at the end of a segment that close what encloses the segment. */
  #closingBracket({ start, end }: LineRange, level: number): number | undefined {
    let first: number | undefined;
    for (let index = end - 1; index > start; index--) {
      const line = this.#block.compared[index];
      if (line === undefined || line.hasWords) break;
      if (line.level < level) first = index;
    }
    return first;
  }

  #insertion(range: LineRange, at: number, anchor: Anchor | undefined): Replacement {
    const lines = this.#reindented(range, anchor);
    while (lines.at(-1) === "") lines.pop();
    const isApart = isBlank(this.#block.raw[range.start - 1] ?? "x") || anchor === undefined;
    const hasLineBefore = at > 0 && !isBlank(this.#file.raw[at - 1] ?? "");
    return { start: at, end: at, lines: isApart && hasLineBefore ? ["", ...lines] : lines };
  }

  #afterLastLine(end: number): number {
    let at = end;
    while (at > 0 && isBlank(this.#file.raw[at - 1] ?? "")) at--;
    return at;
  }

  /** Lines of the block with the file's indentation. Without an anchor they are placed at the margin. */
  #reindented({ start, end }: LineRange, anchor: Anchor | undefined): string[] {
    const lines = this.#block.raw.slice(start, end);
    const from = this.#block.indentation;
    const to = this.#file.indentation ?? from;
    if (to === undefined) return lines;
    const fromSpace =
      anchor === undefined ? commonSpace(lines) : leadingSpace(this.#block.raw[anchor.block] ?? "");
    const toSpace = anchor === undefined ? "" : leadingSpace(this.#file.raw[anchor.file] ?? "");
    return reindent(lines, { from, to, fromSpace, toSpace });
  }

  #lastLine(start: number, end: number): number {
    let last = end - 1;
    while (last > start && isBlank(this.#block.raw[last] ?? "")) last--;
    return last;
  }
}
