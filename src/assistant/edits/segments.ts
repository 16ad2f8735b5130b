import {
  type Alignment,
  areSimilar,
  bestAlignment,
  type ComparedLine,
  comparedLines,
  haveSameName,
  type LineRange,
  likelyOffsets,
} from "./alignment.ts";
import {
  commonSpace,
  type Indentation,
  indentationOf,
  isBlank,
  leadingSpace,
  reindent,
} from "./indentation.ts";

/** `ambiguous`: several places are as likely. */
export type Unplaced = "no-match" | "ambiguous";

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

/** A second place with this part of the best one's score makes the best one ambiguous. */
const AS_LIKELY = 0.9;
/** The part of a segment's telling lines that must match where its first line does not. */
const MIN_MATCHED = 0.3;
/** The most lines of a file that are replaced because the lines before and after them stand together in the block. */
const MAX_REPLACED = 12;
/** How a function begins whose end is shown by its indentation alone. */
const INDENTED_FUNCTION = /^(?:async )?def\b.*:$/;

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
    if (segment.followsEllipsis && !lines.some(({ isTelling }) => isTelling)) return [];
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
    const found = this.#bestPlace(blockRange, fileRange);
    if (typeof found === "string") return found;
    const { alignment, offset } = found;
    const joined = this.#joined(alignment, blockRange, fileRange);
    const wide = this.#widen(joined, blockRange, fileRange, offset, segment);
    const { fileStart, fileEnd, blockStart, blockEnd } = wide;
    const isFirst = blockRange.start === segment.start;
    const isLast = blockRange.end === segment.end;
    // What a blank line separates from the matching lines may belong elsewhere, such as imports above a function.
    const left = this.#lastBlank(blockRange.start, blockStart);
    const before =
      left === undefined || !isFirst
        ? []
        : this.#placeApart(
            { start: blockRange.start, end: left },
            { start: fileRange.start, end: fileStart },
            segment,
          );
    const anchors = [
      { block: alignment.blockStart, file: alignment.fileStart },
      { block: alignment.blockEnd - 1, file: alignment.fileEnd - 1 },
    ];
    this.#anchors.push(...anchors);
    const right = this.#firstBlank(blockEnd, blockRange.end);
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

  #bestPlace(
    blockRange: LineRange,
    fileRange: LineRange,
  ): { readonly alignment: Alignment; readonly offset: number | undefined } | Unplaced {
    const file = this.#file.compared;
    const block = this.#block.compared;
    const lines = block.slice(blockRange.start, blockRange.end);
    const places = likelyOffsets(file.slice(fileRange.start, fileRange.end), lines).flatMap((offset) => {
      const alignment = bestAlignment(file, fileRange, block, blockRange, offset);
      return alignment !== undefined && this.#isTelling(alignment, blockRange) ? [{ alignment, offset }] : [];
    });
    const atDepth = places.filter(({ offset }) => offset !== undefined);
    const [best, ...others] = (atDepth.length > 0 ? atDepth : places).toSorted(
      (one, other) => other.alignment.score - one.alignment.score,
    );
    if (best === undefined) return "no-match";
    const { fileStart, fileEnd, blockStart, blockEnd, score } = best.alignment;
    const placedLines = { start: blockStart, end: blockEnd };
    const rest = [
      { start: fileRange.start, end: fileStart },
      { start: fileEnd, end: fileRange.end },
    ].map((range) => bestAlignment(file, range, block, placedLines, best.offset));
    const elsewhere = others
      .map(({ alignment }) => alignment)
      .filter((other) => other.fileEnd <= fileStart || other.fileStart >= fileEnd)
      .filter((other) => other.blockStart < blockEnd && other.blockEnd > blockStart);
    const isAmbiguous = [...rest, ...elsewhere].some((other) => (other?.score ?? 0) >= AS_LIKELY * score);
    return isAmbiguous ? "ambiguous" : best;
  }

  /** Adds what follows, and what precedes, without a blank line: the lines of the file between them are replaced. */
  #joined(alignment: Alignment, blockRange: LineRange, fileRange: LineRange): Alignment {
    const { fileStart, fileEnd, blockStart, blockEnd } = alignment;
    const next = this.#bestPlace(
      { start: blockEnd, end: this.#firstBlank(blockEnd, blockRange.end) ?? blockRange.end },
      { start: fileEnd, end: Math.min(fileRange.end, fileEnd + MAX_REPLACED) },
    );
    if (typeof next !== "string") {
      const { fileEnd: end, blockEnd: last } = next.alignment;
      return this.#joined({ ...alignment, fileEnd: end, blockEnd: last }, blockRange, fileRange);
    }
    const lastBlank = this.#lastBlank(blockRange.start, blockStart);
    const previous = this.#bestPlace(
      { start: lastBlank === undefined ? blockRange.start : lastBlank + 1, end: blockStart },
      { start: Math.max(fileRange.start, fileStart - MAX_REPLACED), end: fileStart },
    );
    if (typeof previous === "string") return alignment;
    const { fileStart: start, blockStart: first } = previous.alignment;
    return this.#joined({ ...alignment, fileStart: start, blockStart: first }, blockRange, fileRange);
  }

  /** Whether enough lines match to tell the place: the first one, or a good part of all. */
  #isTelling({ blockStart, matched }: Alignment, { start, end }: LineRange): boolean {
    const telling = this.#block.compared.slice(start, end).filter(({ isTelling }) => isTelling).length;
    const first = this.#block.compared.findIndex(({ isTelling }, index) => isTelling && index >= start);
    return matched > 0 && (blockStart === first || matched >= MIN_MATCHED * telling);
  }

  /** Adds the lines of the file that the block's next lines are a changed version of. */
  #widen(
    alignment: Alignment,
    blockRange: LineRange,
    fileRange: LineRange,
    offset: number | undefined,
    segment: Segment,
  ): Alignment {
    let { fileStart, fileEnd, blockStart, blockEnd } = alignment;
    const file = this.#file.compared;
    const block = this.#block.compared;
    const isVersion = (blockIndex: number, fileIndex: number, inner: number): boolean => {
      const ours = file[fileIndex];
      const theirs = block[blockIndex];
      if (ours === undefined || theirs === undefined) return false;
      if (offset !== undefined && Math.abs(ours.level - theirs.level - offset) > 1e-6) return false;
      // Lists, such as imports, have similar lines that are not versions of each other. The lines around a block are.
      const encloses = theirs.level < (block[inner]?.level ?? 0);
      return (encloses && areSimilar(ours, theirs)) || haveSameName(ours, theirs, encloses);
    };
    while (blockStart > blockRange.start && fileStart > fileRange.start) {
      if (!isVersion(blockStart - 1, fileStart - 1, blockStart)) break;
      blockStart -= 1;
      fileStart -= 1;
    }
    while (blockEnd < blockRange.end && fileEnd < fileRange.end) {
      if (!isVersion(blockEnd, fileEnd, blockEnd - 1)) break;
      blockEnd += 1;
      fileEnd += 1;
    }
    const header = { block: blockEnd - 1, file: fileEnd - 1 };
    const first = { block: blockStart, file: fileStart };
    const showsBody = (anchor: Anchor) =>
      !segment.precedesEllipsis &&
      INDENTED_FUNCTION.test(block[anchor.block]?.folded ?? "") &&
      this.#endOfBody(block, anchor.block, blockRange.end) === blockRange.end;
    const whole = [first, header].find(showsBody);
    if (whole !== undefined) fileEnd = Math.max(fileEnd, this.#endOfBody(file, whole.file, fileRange.end));
    return { ...alignment, fileStart, fileEnd, blockStart, blockEnd };
  }

  /** The end of the lines that are deeper than a line and follow it, without blank ones at the end. */
  #endOfBody(lines: readonly ComparedLine[], header: number, limit: number): number {
    const level = lines[header]?.level ?? 0;
    let end = header + 1;
    for (let index = header + 1; index < limit && (lines[index]?.level ?? 0) > level; index++) {
      if (lines[index]?.folded !== "") end = index + 1;
    }
    return end;
  }

  /** The lines of the file that belong to the last line before a segment that encloses it; undefined if none does. */
  #scopeOf(segment: Segment, from: number): LineRange | undefined {
    const levels = this.#block.compared.slice(segment.start, segment.end).map(({ level }) => level);
    const shallowest = Math.min(...levels);
    const header = this.#enclosing(shallowest);
    if (header === undefined) return undefined;
    const end = this.#endOfBody(this.#file.compared, header.file, this.#file.raw.length);
    const closing = this.#file.compared[end];
    const endsByBracket = closing !== undefined && !closing.isTelling && closing.folded !== "";
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

  /** Places new lines before or after everything, as an ellipsis after or before them says. */
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
      if (line === undefined || line.isTelling) break;
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

  #lastBlank(start: number, end: number): number | undefined {
    for (let index = end - 1; index >= start; index--)
      if (isBlank(this.#block.raw[index] ?? "")) return index;
    return undefined;
  }

  #firstBlank(start: number, end: number): number | undefined {
    for (let index = start; index < end; index++) if (isBlank(this.#block.raw[index] ?? "")) return index;
    return undefined;
  }
}
