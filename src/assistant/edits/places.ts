import {
  type Alignment,
  areSimilar,
  bestAlignment,
  type ComparedLine,
  haveSameName,
  type LineRange,
  likelyOffsets,
} from "./alignment.ts";

/** `ambiguous`: several places are as likely. */
export type Unplaced = "no-match" | "ambiguous";

/** A second place with this part of the best one's score makes the best one ambiguous. */
const AS_LIKELY = 0.9;
/** The part of a segment's lines with words that must match where its first line does not. */
const MIN_MATCHED = 0.3;
/** The most lines of a file that are replaced because the lines before and after them stand together in the block. */
const MAX_REPLACED = 12;
/** How a function begins whose end is shown by its indentation alone. */
const INDENTED_FUNCTION = /^(?:async )?def\b.*:$/;

type AlignedAt = { readonly alignment: Alignment; readonly offset: number | undefined };

/** Where lines of a block are in a file: those that match, and those that are replaced. */
export type FoundPlace = { readonly matched: Alignment; readonly replaced: Alignment };

/** Finds the lines of a file that a block replaces. `showsEnd`: the block leaves nothing out at its end. */
export function findPlace(
  file: readonly ComparedLine[],
  fileRange: LineRange,
  block: readonly ComparedLine[],
  blockRange: LineRange,
  showsEnd: boolean,
): FoundPlace | Unplaced {
  const found = bestPlace(file, block, blockRange, fileRange);
  if (typeof found === "string") return found;
  const { alignment, offset } = found;
  const whole = joined(file, block, alignment, blockRange, fileRange);
  return {
    matched: alignment,
    replaced: widened(file, block, whole, blockRange, fileRange, offset, showsEnd),
  };
}

/** The alignment with the best score, and how much deeper the file's lines are there. */
function bestPlace(
  file: readonly ComparedLine[],
  block: readonly ComparedLine[],
  blockRange: LineRange,
  fileRange: LineRange,
): AlignedAt | Unplaced {
  const lines = block.slice(blockRange.start, blockRange.end);
  const places = likelyOffsets(file.slice(fileRange.start, fileRange.end), lines).flatMap((offset) => {
    const alignment = bestAlignment(file, fileRange, block, blockRange, offset);
    return alignment !== undefined && identifiesPlace(alignment, block, blockRange)
      ? [{ alignment, offset }]
      : [];
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
function joined(
  file: readonly ComparedLine[],
  block: readonly ComparedLine[],
  alignment: Alignment,
  blockRange: LineRange,
  fileRange: LineRange,
): Alignment {
  const { fileStart, fileEnd, blockStart, blockEnd } = alignment;
  const next = bestPlace(
    file,
    block,
    { start: blockEnd, end: firstBlank(block, blockEnd, blockRange.end) ?? blockRange.end },
    { start: fileEnd, end: Math.min(fileRange.end, fileEnd + MAX_REPLACED) },
  );
  if (typeof next !== "string") {
    const { fileEnd: end, blockEnd: last } = next.alignment;
    return joined(file, block, { ...alignment, fileEnd: end, blockEnd: last }, blockRange, fileRange);
  }
  const blank = lastBlank(block, blockRange.start, blockStart);
  const previous = bestPlace(
    file,
    block,
    { start: blank === undefined ? blockRange.start : blank + 1, end: blockStart },
    { start: Math.max(fileRange.start, fileStart - MAX_REPLACED), end: fileStart },
  );
  if (typeof previous === "string") return alignment;
  const { fileStart: start, blockStart: first } = previous.alignment;
  return joined(file, block, { ...alignment, fileStart: start, blockStart: first }, blockRange, fileRange);
}

/** Whether enough lines match to identify the place: the first one, or a good part of all. */
function identifiesPlace(
  { blockStart, matched }: Alignment,
  block: readonly ComparedLine[],
  { start, end }: LineRange,
): boolean {
  const withWords = block.slice(start, end).filter(({ hasWords }) => hasWords).length;
  const first = block.findIndex(({ hasWords }, index) => hasWords && index >= start);
  return matched > 0 && (blockStart === first || matched >= MIN_MATCHED * withWords);
}

/** Adds the lines of the file that the block's next lines are a changed version of. */
function widened(
  file: readonly ComparedLine[],
  block: readonly ComparedLine[],
  alignment: Alignment,
  blockRange: LineRange,
  fileRange: LineRange,
  offset: number | undefined,
  showsEnd: boolean,
): Alignment {
  let { fileStart, fileEnd, blockStart, blockEnd } = alignment;
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
  const showsBody = (anchor: { readonly block: number }) =>
    showsEnd &&
    INDENTED_FUNCTION.test(block[anchor.block]?.folded ?? "") &&
    endOfBody(block, anchor.block, blockRange.end) === blockRange.end;
  const whole = [first, header].find(showsBody);
  if (whole !== undefined) fileEnd = Math.max(fileEnd, endOfBody(file, whole.file, fileRange.end));
  return { ...alignment, fileStart, fileEnd, blockStart, blockEnd };
}

/** The end of the lines that are deeper than a line and follow it, without blank ones at the end. */
export function endOfBody(lines: readonly ComparedLine[], header: number, limit: number): number {
  const level = lines[header]?.level ?? 0;
  let end = header + 1;
  for (let index = header + 1; index < limit && (lines[index]?.level ?? 0) > level; index++) {
    if (lines[index]?.folded !== "") end = index + 1;
  }
  return end;
}

/** The last blank line of a range. */
export function lastBlank(lines: readonly ComparedLine[], start: number, end: number): number | undefined {
  for (let index = end - 1; index >= start; index--) if (lines[index]?.folded === "") return index;
  return undefined;
}

/** The first blank line of a range. */
export function firstBlank(lines: readonly ComparedLine[], start: number, end: number): number | undefined {
  for (let index = start; index < end; index++) if (lines[index]?.folded === "") return index;
  return undefined;
}
