import { foldSpace, type LineRange } from "../alignment.ts";
import { commonSpace, indentationOf, isBlank, leadingSpace, reindent } from "../indentation.ts";
import { lineContent, replaceLines, splitLines } from "../lines.ts";
import { findLines, hasSpacesOf, indentedAs } from "../patch.ts";
import type { EditAnswer, SearchReplace } from "./answerReader.ts";

/** The lines of a text that may change. */
export type EditRange = {
  readonly lines: LineRange;
  /** Lines outside of them may change too: a fix may need an import. */
  readonly isRestOpen: boolean;
};

/** A block that has no place, or more than one. */
export type UnplacedBlock = { readonly block: SearchReplace; readonly reason: "no-match" | "ambiguous" };

/** A text with the blocks of an answer in it that have a place, and the blocks that have none. */
export type AppliedAnswer = {
  readonly text: string;
  /** The lines that may change, as they are now. */
  readonly range: EditRange;
  readonly unplaced: readonly UnplacedBlock[];
};

/**
 * Makes the edit of an answer. Line endings, a byte order mark, the final newline and the unit of indentation stay those of
 * the text. An answer that is still being written is made as far as it goes: the lines after that stay.
 */
export function applyAnswer(text: string, range: EditRange, answer: EditAnswer): AppliedAnswer {
  switch (answer.kind) {
    case "words":
      return { text, range, unplaced: [] };
    case "whole":
      return replaceRange(text, range, answer.lines, answer.isOpen);
    case "blocks":
      return answer.blocks.reduce(placeBlock, { text, range, unplaced: [] });
  }
}

function replaceRange(
  text: string,
  range: EditRange,
  answer: readonly string[],
  isOpen: boolean,
): AppliedAnswer {
  const lines = splitLines(text).map(lineContent);
  const { start, end } = range.lines;
  const old = lines.slice(start, end);
  const code = withoutBlankEnds(answer, old);
  const to = indentationOf(lines) ?? indentationOf(code);
  const first = (all: readonly string[]) => leadingSpace(all.find((line) => !isBlank(line)) ?? "");
  const isSamePlace = first(code) === first(old);
  const indented =
    to === undefined || (isSamePlace && hasSpacesOf(lines, code))
      ? code
      : reindent(code, {
          from: indentationOf(code),
          to,
          fromSpace: isSamePlace ? "" : commonSpace(code),
          toSpace: isSamePlace ? "" : commonSpace(old),
        });
  const added = isOpen ? [...indented, ...old.slice(indented.length)] : indented;
  return {
    text: replaceLines(text, start, end, added),
    range: { ...range, lines: { start, end: start + added.length } },
    unplaced: [],
  };
}

/** Models add or leave out blank lines at the ends; the text keeps its own. */
function withoutBlankEnds(code: readonly string[], old: readonly string[]): readonly string[] {
  const textRange = (lines: readonly string[]) => ({
    first: lines.findIndex((line) => !isBlank(line)),
    last: lines.findLastIndex((line) => !isBlank(line)),
  });
  const ours = textRange(code);
  const theirs = textRange(old);
  if (ours.first < 0) return [];
  const middle = code.slice(ours.first, ours.last + 1);
  return theirs.first < 0
    ? middle
    : [...old.slice(0, theirs.first), ...middle, ...old.slice(theirs.last + 1)];
}

function placeBlock(applied: AppliedAnswer, block: SearchReplace): AppliedAnswer {
  const { text, range, unplaced } = applied;
  const lines = splitLines(text).map(lineContent);
  // Models add or leave out blank lines around what they copy.
  const tries = [block, { search: trimmed(block.search), replace: trimmed(block.replace) }];
  const found = tries
    .map((each) => ({ ...each, places: placesOf(lines, each.search, range) }))
    .find(({ places }) => places.length > 0);
  const place = found?.places[0];
  if (found === undefined || place === undefined || found.places.length > 1) {
    const reason = place === undefined ? "no-match" : "ambiguous";
    return { ...applied, unplaced: [...unplaced, { block, reason }] };
  }
  const { search, replace } = found;
  const added = search.length === 0 ? replace : indentedAs(lines, place, search, replace);
  const growth = added.length - search.length;
  const { start, end } = range.lines;
  const isBefore = place + search.length <= start && place < start;
  return {
    text: replaceLines(text, place, place + search.length, added),
    range: {
      ...range,
      lines: isBefore
        ? { start: start + growth, end: end + growth }
        : { start, end: place < end || place === start ? end + growth : end },
    },
    unplaced,
  };
}

/** Where lines stand: as they are, else with white space folded; first in the range, else in the rest if that may change. */
function placesOf(
  lines: readonly string[],
  search: readonly string[],
  { lines: { start, end }, isRestOpen }: EditRange,
): readonly number[] {
  // Without lines to search for, code is written where there is none yet.
  if (search.length === 0) return lines.slice(start, end).every(isBlank) ? [start] : [];
  const isInside = (place: number) => place >= start && place + search.length <= end;
  const scopes = isRestOpen ? [isInside, () => true] : [isInside];
  for (const isIn of scopes) {
    for (const fold of [(line: string) => line, foldSpace]) {
      const places = findLines(lines, search, 0, fold).filter(isIn);
      if (places.length > 0) return places;
    }
  }
  return [];
}

function trimmed(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => !isBlank(line));
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex((line) => !isBlank(line)) + 1);
}
