import { foldSpace } from "./alignment.ts";
import { indentationOf, isBlank, leadingSpace, reindent } from "./indentation.ts";
import { lineContent, replaceLines, splitLines } from "./lines.ts";

/** A hunk of a unified diff. `line`: where it begins by its header, from 0. */
type Hunk = { readonly line: number | undefined; readonly before: string[]; readonly after: string[] };

const HUNK_HEADER = /^@@(?: -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@)?/;
const FILE_HEADER = /^(?:--- |\+\+\+ |diff |index |new file |deleted file |similarity |rename |\\ )/;

/** Whether code is a unified diff. Models often leave out its headers; then the language decides. */
export function isPatch(lines: readonly string[], language: string): boolean {
  return language === "diff" || language === "patch" || lines.some((line) => /^@@ -\d+/.test(line));
}

/**
 * Applies a unified diff. Each hunk is searched by its lines with white space folded, since models count line numbers
 * wrongly; of several places the one nearest to its line number is taken.
 */
export function applyPatch(
  text: string,
  patch: readonly string[],
): { readonly text: string } | "no-match" | "ambiguous" {
  const hunks = hunksOf(patch);
  let result = text;
  let from = 0;
  /** How many lines longer the text is for the hunks so far. */
  let growth = 0;
  if (hunks.length === 0) return "no-match";
  for (const { line, before, after } of hunks) {
    const lines = splitLines(result).map(lineContent);
    const places = findLines(lines, before, from, foldSpace);
    const [place, next] =
      line === undefined ? places : places.toSorted((a, b) => far(a, line + growth) - far(b, line + growth));
    if (place === undefined) return "no-match";
    if (line === undefined && next !== undefined) return "ambiguous";
    const added = indentedAs(lines, place, before, after);
    result = replaceLines(result, place, place + before.length, added);
    from = place + added.length;
    growth += after.length - before.length;
  }
  return { text: result };
}

function far(place: number, line: number): number {
  return Math.abs(place - line);
}

/** The lines that replace others, indented as those are in a text. `place`: where `before` stands in it. */
export function indentedAs(
  lines: readonly string[],
  place: number,
  before: readonly string[],
  after: readonly string[],
): readonly string[] {
  const firstText = before.findIndex((each) => each.trim() !== "");
  const to = indentationOf(lines) ?? indentationOf(after);
  const fromSpace = leadingSpace(before[firstText] ?? "");
  const toSpace = leadingSpace(lines[place + firstText] ?? "");
  if (to === undefined || (fromSpace === toSpace && hasSpacesOf(lines, after))) return after;
  return reindent(after, { from: indentationOf([...before, ...after]), to, fromSpace, toSpace });
}

/** Whether lines are indented as lines of a text are, which may mix tabs and spaces. */
export function hasSpacesOf(text: readonly string[], lines: readonly string[]): boolean {
  const spaces = new Set(text.map(leadingSpace));
  return lines.every((line) => isBlank(line) || spaces.has(leadingSpace(line)));
}

/**
 * The places where lines stand in this order, as `fold` returns them. An empty search is found in an empty text only.
 * @param end the line, exclusive, that the places end at
 */
export function findLines(
  lines: readonly string[],
  search: readonly string[],
  from: number,
  fold: (line: string) => string,
  end = lines.length,
): readonly number[] {
  if (search.every((line) => line.trim() === "")) return lines.length === 0 ? [0] : [];
  const folded = lines.slice(0, end).map(fold);
  const wanted = search.map(fold);
  const places: number[] = [];
  for (let start = from; start + wanted.length <= folded.length; start++) {
    if (wanted.every((line, index) => folded[start + index] === line)) places.push(start);
  }
  return places;
}

function hunksOf(patch: readonly string[]): readonly Hunk[] {
  const hunks: Hunk[] = [];
  let current: Hunk | undefined;
  for (const line of patch) {
    const header = HUNK_HEADER.exec(line);
    if (header !== null) {
      current = {
        line: header[1] === undefined ? undefined : Math.max(0, Number(header[1]) - 1),
        before: [],
        after: [],
      };
      hunks.push(current);
      continue;
    }
    if (FILE_HEADER.test(line) && (current === undefined || line.startsWith("\\"))) continue;
    if (current === undefined) {
      current = { line: undefined, before: [], after: [] };
      hunks.push(current);
    }
    const content = line.slice(1);
    if (!line.startsWith("+")) current.before.push(content);
    if (!line.startsWith("-")) current.after.push(content);
  }
  return hunks.filter(({ before, after }) => before.length > 0 || after.length > 0);
}
